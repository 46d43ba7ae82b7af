#!/usr/bin/env bash
# On the Jetson: serves a CSI camera as motion JPEG on a local port, because the packaged OpenCV has no GStreamer. In the pipeline file:
#   camera: {source: tcp://127.0.0.1:5600, calibration: csi.yaml}
# The ISP debayers, the hardware encodes; vbedge connects again by itself when this is restarted. Another program can be fed by a pipe instead:
#   jetson/csi-camera.sh --stdout | ffmpeg -f mjpeg -i - …
set -euo pipefail
width=${WIDTH:-1280} height=${HEIGHT:-720} rate=${RATE:-30} sensor=${SENSOR:-0} port=${PORT:-5600}
if [ -n "${TEST_PATTERN:-}" ]; then
    # Without a camera and without a Jetson: the same pipe with a moving pattern.
    source=(videotestsrc is-live=true pattern=ball ! "video/x-raw,width=$width,height=$height,framerate=$rate/1" ! jpegenc)
else
    source=(nvarguscamerasrc sensor-id="$sensor" ! "video/x-raw(memory:NVMM),width=$width,height=$height,framerate=$rate/1,format=NV12" ! nvjpegenc quality=90)
fi
if [ "${1:-}" = --stdout ]; then
    exec gst-launch-1.0 -q "${source[@]}" ! fdsink fd=1 sync=false
fi
# The boundary is the one that FFmpeg looks for; each picture comes with its length, so that it is shown as soon as it is there.
exec gst-launch-1.0 -q "${source[@]}" ! multipartmux boundary=ffmpeg ! tcpserversink host=127.0.0.1 port="$port" recover-policy=latest sync-method=latest sync=false
