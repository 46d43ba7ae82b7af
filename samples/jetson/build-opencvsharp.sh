#!/usr/bin/env bash
# On the Jetson: builds the native part of OpenCvSharp, for which there is no package for arm64, into /opt/opencvsharp/lib. Takes about an hour.
set -euo pipefail
commit=b161e7e012f5101f6d5dc68a835c59db6cc88b18 # 4.13.0.20260627, the commit that the package of Directory.Packages.props names
prefix=${PREFIX:-/opt/opencvsharp}
[ "$(id -u)" -eq 0 ] || { echo "expected root: sudo $0" >&2; exit 1; }
apt-get install -y -qq --no-install-recommends git g++ cmake ninja-build pkg-config libtbb-dev libgtk-3-dev libavcodec-dev libavformat-dev libswscale-dev libv4l-dev libtesseract-dev
# A folder of its own, root's alone, on a disk: nobody can have put something there. It is removed when this ends; KEEP=1 keeps it.
work=$(mktemp -d /opt/opencvsharp-build.XXXXXXXXXX)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
git init -q "$work/opencvsharp"
cd "$work/opencvsharp"
# Git names a commit by the hash of its content, its submodules included: what comes is what was pinned, or nothing.
git fetch -q --depth 1 https://github.com/shimat/opencvsharp "$commit"
git checkout -q "$commit"
git submodule update -q --init --recursive --depth 1
[ "$(git rev-parse HEAD)" = "$commit" ] || { echo "expected commit $commit, found $(git rev-parse HEAD)" >&2; exit 1; }
# The same options as its own packages: what it exports has to match the managed part.
cmake -G Ninja -C cmake/opencv_build_options.cmake -S opencv -B opencv/build \
    -D OPENCV_EXTRA_MODULES_PATH="$PWD/opencv_contrib/modules" -D CMAKE_INSTALL_PREFIX="$work/opencv"
cmake --build opencv/build
cmake --install opencv/build
cmake -G Ninja -S src -B src/build -D CMAKE_BUILD_TYPE=Release -D CMAKE_PREFIX_PATH="$work/opencv"
cmake --build src/build
install -d -o root -g root -m 755 "$prefix" "$prefix/lib"
install -o root -g root -m 644 src/build/OpenCvSharpExtern/libOpenCvSharpExtern.so "$prefix/lib/libOpenCvSharpExtern.so"
ldd "$prefix/lib/libOpenCvSharpExtern.so" | grep 'not found' && exit 1
ls -l "$prefix/lib"
