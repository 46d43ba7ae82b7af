#!/usr/bin/env bash
# On your workstation: builds vbedge for linux-arm64 with everything but the two natives that a Jetson has to build itself, and copies it there.
#   samples/jetson/publish.sh                        writes artifacts/jetson
#   samples/jetson/publish.sh robot@192.168.1.20     and copies it to ~/vbedge on that machine
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$root/artifacts/jetson
rm -rf "$out"
dotnet publish "$root/src/VisionBanana.Edge.Cli" -c Release -r linux-arm64 --self-contained -p:OnnxRuntime=None -o "$out"
mkdir -p "$out/jetson"
cp "$root"/samples/jetson/* "$out/jetson/"
cp "$root/samples/pipeline.yaml" "$out/jetson/every-key.yaml"
echo "$out: $(du -sh "$out" | cut -f1)"
if [ $# -gt 0 ]; then
    ssh "$1" mkdir -p vbedge
    scp -qr "$out/." "$1:vbedge/"
    echo "Copied. Next, there: sudo vbedge/jetson/setup.sh"
fi
