#!/usr/bin/env bash
# On the Jetson: builds the native part of OpenCvSharp, for which there is no package for arm64, into /opt/opencvsharp/lib. Takes about an hour.
# Its version has to be that of Directory.Packages.props.
set -euo pipefail
version=${OPENCVSHARP_VERSION:-4.13.0.20260627}
prefix=${PREFIX:-/opt/opencvsharp}
work=${WORK:-/var/tmp/opencvsharp-build}
apt-get install -y -qq --no-install-recommends git g++ cmake ninja-build pkg-config libtbb-dev libgtk-3-dev libavcodec-dev libavformat-dev libswscale-dev libv4l-dev libtesseract-dev
mkdir -p "$work"
[ -d "$work/opencvsharp" ] || git clone --depth 1 --branch "$version" --recurse-submodules --shallow-submodules https://github.com/shimat/opencvsharp "$work/opencvsharp"
cd "$work/opencvsharp"
# The same options as its own packages: what it exports has to match the managed part.
cmake -G Ninja -C cmake/opencv_build_options.cmake -S opencv -B opencv/build \
    -D OPENCV_EXTRA_MODULES_PATH="$PWD/opencv_contrib/modules" -D CMAKE_INSTALL_PREFIX="$work/opencv"
cmake --build opencv/build
cmake --install opencv/build
cmake -G Ninja -S src -B src/build -D CMAKE_BUILD_TYPE=Release -D CMAKE_PREFIX_PATH="$work/opencv"
cmake --build src/build
install -D src/build/OpenCvSharpExtern/libOpenCvSharpExtern.so "$prefix/lib/libOpenCvSharpExtern.so"
ldd "$prefix/lib/libOpenCvSharpExtern.so" | grep 'not found' && exit 1
ls -l "$prefix/lib"
