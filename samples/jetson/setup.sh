#!/usr/bin/env bash
# On the Jetson, as root, in the folder that publish.sh copied: sets vbedge up step by step and ends with doctor and bench.
# Every step that is done already is skipped, so that it can be run again after a failure. What it does: the guide, src/VisionBanana.Edge.Onnx/README.md.
#   sudo jetson/setup.sh            everything
#   sudo jetson/setup.sh --check    only doctor and bench
# Nothing is run from the folder that was copied, which belongs to whoever copied it: everything is copied to /opt/vbedge, root's alone, and run there.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset LD_LIBRARY_PATH LD_PRELOAD PYTHONPATH BASH_ENV
cd /
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
program=$(dirname "$here")
target=/opt/vbedge
scripts=$target/jetson
fail() { echo "setup.sh: $1" >&2; exit 1; }
step() { echo; echo "== $1"; }

check() {
    step "doctor"
    runuser -u vbedge -- env VBEDGE_CACHE=/var/cache/vbedge "$target/vbedge" doctor /etc/vbedge/pipeline.yaml || echo "doctor found problems: their remedies stand beside them"
    step "bench, 20 s"
    runuser -u vbedge -- env VBEDGE_CACHE=/var/cache/vbedge "$target/vbedge" bench --seconds 20
}

[ "$(uname -m)" = aarch64 ] || fail "expected an aarch64 machine, found $(uname -m): publish.sh runs on the workstation, setup.sh on the Jetson"
[ "$(id -u)" -eq 0 ] || fail "expected root: sudo $0"
[ -x "$program/vbedge" ] || fail "expected the program beside this folder ($program/vbedge), found none: run publish.sh on the workstation and copy its output whole"
if [ "${1:-}" = --check ]; then
    [ -x "$target/vbedge" ] || fail "expected $target/vbedge, found none: run setup.sh without --check first"
    check
    exit
fi

step "0 program"
if [ "$program" != "$target" ]; then
    # Whole and new, so that nothing of another owner stays behind; links would lead out of it.
    [ -z "$(find "$program" -type l -print -quit)" ] || fail "expected files alone in $program, found a link: $(find "$program" -type l -print -quit)"
    rm -rf "$target.new"
    install -d -o root -g root -m 755 "$target.new"
    cp -R --no-preserve=ownership,mode "$program/." "$target.new/"
    chown -R root:root "$target.new"
    chmod -R u=rwX,go=rX "$target.new"
    chmod 755 "$target.new/vbedge" "$target.new"/jetson/*.sh
    rm -rf "$target"
    mv "$target.new" "$target"
fi

step "1 JetPack"
if [ -r /etc/nv_tegra_release ]; then
    head -n 1 /etc/nv_tegra_release
else
    echo "no /etc/nv_tegra_release: this is no Jetson. vbedge will run on the CPU."
fi
if [ -r /etc/nv_tegra_release ] && ! ldconfig -p | grep -q libnvinfer.so.10; then
    apt-get update
    apt-get install -y nvidia-jetpack || fail "JetPack's libraries could not be installed: flash JetPack 6.1 or newer, older ones have no TensorRT 10"
fi

step "2 system packages"
apt-get update -qq
gtk=libgtk-3-0
apt-cache show libgtk-3-0t64 >/dev/null 2>&1 && gtk=libgtk-3-0t64
apt-get install -y -qq --no-install-recommends ffmpeg v4l-utils "$gtk" gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good

step "3 power mode"
if command -v nvpmodel >/dev/null; then
    nvpmodel -q
    echo "Full speed: sudo nvpmodel -m 0 && sudo jetson_clocks (mode numbers: grep POWER_MODEL /etc/nvpmodel.conf)"
fi

step "4 ONNX Runtime with TensorRT"
if [ -e /opt/onnxruntime/lib/libonnxruntime.so ]; then
    echo "found /opt/onnxruntime/lib"
else
    "$scripts/build-onnxruntime.sh"
fi

step "5 OpenCV's native part"
if [ -e /opt/opencvsharp/lib/libOpenCvSharpExtern.so ]; then
    echo "found /opt/opencvsharp/lib"
else
    "$scripts/build-opencvsharp.sh"
fi

step "6 program, user, rules, service"
id vbedge >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin --groups video vbedge
# A Jetson's GPU belongs to the groups video and, on JetPack 6 and newer, render.
getent group render >/dev/null && usermod -aG render vbedge
install -d -o root -g root -m 755 /etc/vbedge
install -d -o vbedge -g vbedge -m 750 /var/cache/vbedge /var/lib/vbedge
ln -sf /opt/opencvsharp/lib/libOpenCvSharpExtern.so "$target/libOpenCvSharpExtern.so"
ln -sf "$target/vbedge" /usr/local/bin/vbedge
if [ ! -e /etc/vbedge/pipeline.yaml ]; then
    install -o root -g root -m 644 "$scripts/pipeline.yaml" /etc/vbedge/
fi
install -o root -g root -m 644 "$scripts/99-vbedge.rules" /etc/udev/rules.d/
udevadm control --reload && udevadm trigger --subsystem-match=video4linux
install -o root -g root -m 644 "$scripts/vbedge.service" /etc/systemd/system/
systemctl daemon-reload

step "7 engine, ahead of time (minutes with TensorRT)"
runuser -u vbedge -- env VBEDGE_CACHE=/var/cache/vbedge "$target/vbedge" engine build --pipeline /etc/vbedge/pipeline.yaml

check
echo
echo "Edit /etc/vbedge/pipeline.yaml (camera, broker; every key: $target/jetson/every-key.yaml), then: sudo systemctl enable --now vbedge; journalctl -u vbedge -f"
