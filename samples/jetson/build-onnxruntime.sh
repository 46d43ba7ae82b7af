#!/usr/bin/env bash
# On the Jetson: builds ONNX Runtime with CUDA and TensorRT and puts it where vbedge looks: /opt/onnxruntime/lib. Takes 1 to 4 hours and some 10 GB of disk.
# Boards with less than 16 GB need swap: sudo fallocate -l 16G /swap && sudo chmod 600 /swap && sudo mkswap /swap && sudo swapon /swap
set -euo pipefail
commit=41d4d61f14b9c1dd0b2ccda1e9b85dd415fd0496 # v1.31.1, the commit that the package of Directory.Packages.props names
prefix=${PREFIX:-/opt/onnxruntime}
# Compute capability: Orin 8.7, Thor 11.0. A library for another one loads and then has no kernels.
architecture=${CUDA_ARCHITECTURES:-87}
# nvcc takes up to 4 GB for each job.
jobs=${JOBS:-$(awk '/MemTotal/ { n = int($2 / 4194304); print n < 1 ? 1 : n }' /proc/meminfo)}
libraries=/usr/lib/aarch64-linux-gnu

[ "$(id -u)" -eq 0 ] || { echo "expected root: sudo $0" >&2; exit 1; }
apt-get install -y -qq --no-install-recommends git build-essential ninja-build python3-dev python3-venv python3-numpy python3-packaging
[ -x /usr/local/cuda/bin/nvcc ] || { echo "expected /usr/local/cuda/bin/nvcc, found none: apt-get install nvidia-jetpack" >&2; exit 1; }
[ -e "$libraries/libnvinfer.so" ] || { echo "expected $libraries/libnvinfer.so, found none: apt-get install nvidia-jetpack" >&2; exit 1; }
# A folder of its own, root's alone, on a disk: nobody can have put something there. It is removed when this ends; KEEP=1 keeps it.
work=$(mktemp -d /opt/onnxruntime-build.XXXXXXXXXX)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
# The distribution's CMake is too old on Ubuntu 22.04; everything else that is needed is the distribution's.
python3 -m venv --system-site-packages "$work/tools"
"$work/tools/bin/pip" install -q --only-binary :all: --no-deps --require-hashes -r "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/build-requirements.txt"
export PATH=$work/tools/bin:/usr/local/cuda/bin:/usr/sbin:/usr/bin:/sbin:/bin
git init -q "$work/onnxruntime"
cd "$work/onnxruntime"
# Git names a commit by the hash of its content, its submodules included: what comes is what was pinned, or nothing.
git fetch -q --depth 1 https://github.com/microsoft/onnxruntime "$commit"
git checkout -q "$commit"
git submodule update -q --init --recursive --depth 1
[ "$(git rev-parse HEAD)" = "$commit" ] || { echo "expected commit $commit, found $(git rev-parse HEAD)" >&2; exit 1; }
./build.sh --config Release --update --build --build_shared_lib --parallel "$jobs" --skip_tests --skip_submodule_sync --allow_running_as_root --cmake_generator Ninja \
    --use_cuda --cuda_home /usr/local/cuda --cudnn_home "$libraries" --use_tensorrt --tensorrt_home "$libraries" \
    --cmake_extra_defines "CMAKE_CUDA_ARCHITECTURES=$architecture" onnxruntime_USE_FLASH_ATTENTION=OFF onnxruntime_BUILD_UNIT_TESTS=OFF
install -d -o root -g root -m 755 "$prefix" "$prefix/lib"
cp -a --no-preserve=ownership build/Linux/Release/libonnxruntime.so* build/Linux/Release/libonnxruntime_providers_*.so "$prefix/lib/"
ls -l "$prefix/lib"
