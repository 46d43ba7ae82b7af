#!/usr/bin/env bash
# On the Jetson, as root, in the folder that publish.sh copied: sets vbedge up step by step and ends with doctor and bench.
# Every step that is done already is skipped, so that it can be run again after a failure. What it does: the guide, src/VisionBanana.Edge.Onnx/README.md.
#   sudo jetson/setup.sh            everything
#   sudo jetson/setup.sh --check    only doctor and bench
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(dirname "$here")
target=/opt/vbedge
fail() { echo "setup.sh: $1" >&2; exit 1; }
step() { echo; echo "== $1"; }

check() {
    export VBEDGE_CACHE=/var/cache/vbedge
    step "doctor"
    "$target/vbedge" doctor /etc/vbedge/pipeline.yaml || echo "doctor found problems: their remedies stand beside them"
    step "bench, 20 s"
    "$target/vbedge" bench --seconds 20
}

[ "$(uname -m)" = aarch64 ] || fail "expected an aarch64 machine, found $(uname -m): publish.sh runs on the workstation, setup.sh on the Jetson"
[ "$(id -u)" -eq 0 ] || fail "expected root: sudo $0"
[ -x "$program/vbedge" ] || fail "expected the program beside this folder ($program/vbedge), found none: run publish.sh on the workstation and copy its output whole"
if [ "${1:-}" = --check ]; then
    check
    exit
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
    "$here/build-onnxruntime.sh"
fi

step "5 OpenCV's native part"
if [ -e /opt/opencvsharp/lib/libOpenCvSharpExtern.so ]; then
    echo "found /opt/opencvsharp/lib"
else
    "$here/build-opencvsharp.sh"
fi

step "6 program, user, rules, service"
id vbedge >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin --groups video vbedge
# A Jetson's GPU belongs to the groups video and, on JetPack 6 and newer, render.
getent group render >/dev/null && usermod -aG render vbedge
install -d "$target" /etc/vbedge
install -d -o vbedge -g vbedge /var/cache/vbedge
cp -a "$program/." "$target/"
ln -sf /opt/opencvsharp/lib/libOpenCvSharpExtern.so "$target/libOpenCvSharpExtern.so"
ln -sf "$target/vbedge" /usr/local/bin/vbedge
if [ ! -e /etc/vbedge/pipeline.yaml ]; then
    cp "$here/pipeline.yaml" /etc/vbedge/
fi
cp "$here/99-vbedge.rules" /etc/udev/rules.d/
udevadm control --reload && udevadm trigger --subsystem-match=video4linux
cp "$here/vbedge.service" /etc/systemd/system/
systemctl daemon-reload

step "7 engine, ahead of time (minutes with TensorRT)"
runuser -u vbedge -- env VBEDGE_CACHE=/var/cache/vbedge "$target/vbedge" engine build --pipeline /etc/vbedge/pipeline.yaml

check
echo
echo "Edit /etc/vbedge/pipeline.yaml (camera, broker; every key: $target/jetson/every-key.yaml), then: sudo systemctl enable --now vbedge; journalctl -u vbedge -f"
