# SPDX-License-Identifier: Apache-2.0
"""Embree 3 through its C interface, without headers.

Debian's Open3D casts rays with an empty ray mask, which Debian's Embree (built with ray masks) takes as "hit nothing";
hence this small binding. Rays are numpy records that Embree fills in place. One thread.
"""
import ctypes

import numpy as np

# RTCRayHit: ray (48 bytes) and hit (32 bytes).
RAY_HIT = np.dtype([("org", "3f4"), ("tnear", "f4"), ("dir", "3f4"), ("time", "f4"), ("tfar", "f4"), ("mask", "u4"), ("id", "u4"),
                    ("flags", "u4"), ("ng", "3f4"), ("uv", "2f4"), ("prim", "u4"), ("geom", "u4"), ("inst", "u4")])
RAY = np.dtype([("org", "3f4"), ("tnear", "f4"), ("dir", "3f4"), ("time", "f4"), ("tfar", "f4"), ("mask", "u4"), ("id", "u4"), ("flags", "u4")])
_TRIANGLE, _VERTEX, _INDEX, _FLOAT3, _UINT3 = 0, 1, 0, 0x9003, 0x5003
_INCOHERENT, _COHERENT = 0, 1


def _load():
    lib = ctypes.CDLL("libembree3.so.3")
    p, u, z = ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t
    for name, result, arguments in (
            ("rtcNewDevice", p, [ctypes.c_char_p]), ("rtcNewScene", p, [p]), ("rtcNewGeometry", p, [p, ctypes.c_int]),
            ("rtcSetSharedGeometryBuffer", None, [p, ctypes.c_int, u, ctypes.c_int, p, z, z, z]), ("rtcCommitGeometry", None, [p]),
            ("rtcAttachGeometry", u, [p, p]), ("rtcReleaseGeometry", None, [p]), ("rtcCommitScene", None, [p]),
            ("rtcReleaseScene", None, [p]), ("rtcIntersect1M", None, [p, p, p, u, z]), ("rtcOccluded1M", None, [p, p, p, u, z]),
            ("rtcGetDeviceError", ctypes.c_int, [p])):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


def _aligned(n, dtype):
    """An array of records that starts at a 16-byte boundary."""
    raw = np.empty(n * dtype.itemsize + 16, np.uint8)
    at = -raw.ctypes.data % 16
    return raw[at:at + n * dtype.itemsize].view(dtype)


class Caster:
    """A triangle soup [T,3,3] (float32) that rays can be cast into."""

    _lib = _device = None

    def __init__(self, tri):
        if Caster._lib is None:
            Caster._lib = _load()
            Caster._device = Caster._lib.rtcNewDevice(b"threads=1,user_threads=1")
        lib = Caster._lib
        # Embree reads vertices in 16-byte steps: one spare row at the end.
        self._vertices = np.zeros((len(tri) * 3 + 2, 3), np.float32)
        self._vertices[:-2] = tri.reshape(-1, 3)
        self._indices = np.arange(len(tri) * 3 + 3, dtype=np.uint32)
        geometry = lib.rtcNewGeometry(Caster._device, _TRIANGLE)
        lib.rtcSetSharedGeometryBuffer(geometry, _VERTEX, 0, _FLOAT3, self._vertices.ctypes.data, 0, 12, len(tri) * 3)
        lib.rtcSetSharedGeometryBuffer(geometry, _INDEX, 0, _UINT3, self._indices.ctypes.data, 0, 12, len(tri))
        lib.rtcCommitGeometry(geometry)
        self._scene = lib.rtcNewScene(Caster._device)
        lib.rtcAttachGeometry(self._scene, geometry)
        lib.rtcReleaseGeometry(geometry)
        lib.rtcCommitScene(self._scene)
        error = lib.rtcGetDeviceError(Caster._device)
        if error:
            raise RuntimeError(f"Embree error {error}")

    def __del__(self):
        if getattr(self, "_scene", None):
            Caster._lib.rtcReleaseScene(self._scene)

    @staticmethod
    def _context(coherent):
        context = np.zeros(8, np.uint64)
        context.view(np.uint32)[0] = _COHERENT if coherent else _INCOHERENT
        context.view(np.uint32)[4] = 0xFFFFFFFF
        return context

    @staticmethod
    def _fill(rays, origin, direction, near, far):
        rays["org"], rays["dir"] = origin, direction
        rays["tnear"], rays["tfar"], rays["time"], rays["mask"], rays["id"], rays["flags"] = near, far, 0, 0xFFFFFFFF, 0, 0

    def cast(self, origin, direction, coherent=False):
        """Distances t [n] (inf = none, unit = length of `direction`), triangle [n] (-1 = none), barycentric uv [n,2]."""
        n = len(direction)
        rays = _aligned(n, RAY_HIT)
        self._fill(rays, origin, direction, 0, np.inf)
        rays["geom"] = rays["prim"] = rays["inst"] = 0xFFFFFFFF
        context = self._context(coherent)
        self._lib.rtcIntersect1M(self._scene, context.ctypes.data, rays.ctypes.data, n, RAY_HIT.itemsize)
        miss = rays["geom"] == 0xFFFFFFFF
        return (np.where(miss, np.inf, rays["tfar"]).astype(np.float32), np.where(miss, -1, rays["prim"].astype(np.int64)),
                np.where(miss[:, None], 0, rays["uv"]).astype(np.float32))

    def occluded(self, origin, direction, far=1.0):
        """True where something lies between origin and origin + far * direction."""
        n = len(direction)
        rays = _aligned(n, RAY)
        self._fill(rays, origin, direction, 0, far)
        context = self._context(False)
        self._lib.rtcOccluded1M(self._scene, context.ctypes.data, rays.ctypes.data, n, RAY.itemsize)
        return rays["tfar"] < 0
