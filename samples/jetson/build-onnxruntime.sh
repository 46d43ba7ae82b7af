#!/usr/bin/env bash
# On the Jetson: builds ONNX Runtime with CUDA and TensorRT and puts it where vbedge looks: /opt/onnxruntime/lib. Takes 1 to 4 hours and some 10 GB of disk.
# Boards with less than 16 GB need swap: sudo fallocate -l 16G /swap && sudo chmod 600 /swap && sudo mkswap /swap && sudo swapon /swap
set -euo pipefail
version=${ONNXRUNTIME_VERSION:-v1.31.1}
prefix=${PREFIX:-/opt/onnxruntime}
work=${WORK:-/var/tmp/onnxruntime-build}
# Compute capability: Orin 8.7, Thor 11.0. A library for another one loads and then has no kernels.
architecture=${CUDA_ARCHITECTURES:-87}
# nvcc takes up to 4 GB for each job.
jobs=${JOBS:-$(awk '/MemTotal/ { n = int($2 / 4194304); print n < 1 ? 1 : n }' /proc/meminfo)}
libraries=/usr/lib/aarch64-linux-gnu

apt-get install -y -qq --no-install-recommends git build-essential python3-dev python3-pip python3-venv
[ -x /usr/local/cuda/bin/nvcc ] || { echo "expected /usr/local/cuda/bin/nvcc, found none: apt-get install nvidia-jetpack" >&2; exit 1; }
[ -e "$libraries/libnvinfer.so" ] || { echo "expected $libraries/libnvinfer.so, found none: apt-get install nvidia-jetpack" >&2; exit 1; }
mkdir -p "$work"
# The distribution's CMake is too old on Ubuntu 22.04.
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install -q 'cmake>=3.28,<4' ninja numpy packaging
export PATH=$work/tools/bin:/usr/local/cuda/bin:$PATH
[ -d "$work/onnxruntime" ] || git clone --depth 1 --branch "$version" --recurse-submodules --shallow-submodules https://github.com/microsoft/onnxruntime "$work/onnxruntime"
cd "$work/onnxruntime"
./build.sh --config Release --update --build --build_shared_lib --parallel "$jobs" --skip_tests --skip_submodule_sync --allow_running_as_root --cmake_generator Ninja \
    --use_cuda --cuda_home /usr/local/cuda --cudnn_home "$libraries" --use_tensorrt --tensorrt_home "$libraries" \
    --cmake_extra_defines "CMAKE_CUDA_ARCHITECTURES=$architecture" onnxruntime_USE_FLASH_ATTENTION=OFF onnxruntime_BUILD_UNIT_TESTS=OFF
install -d "$prefix/lib"
cp -a build/Linux/Release/libonnxruntime.so* build/Linux/Release/libonnxruntime_providers_*.so "$prefix/lib/"
ls -l "$prefix/lib"
