# SPDX-License-Identifier: Apache-2.0
"""What cameras do to pictures."""
import cv2
import numpy as np

from painter import picture


def disturb(rgb, rng, strength=1.0):
    """One picture as a poor camera would have taken it. uint8 in, uint8 out."""
    x = rgb.astype(np.float32) / 255.0
    p = rng.random(16)
    if p[0] < 0.6 * strength:
        mix = np.eye(3, dtype=np.float32) + rng.normal(0, 0.08, (3, 3)).astype(np.float32)
        x = np.clip(x @ (mix / mix.sum(1, keepdims=True) * rng.normal(1, 0.08, (3, 1)).astype(np.float32)).T, 0, 1)
    if p[1] < 0.4 * strength:
        grey = x.mean(2, keepdims=True)
        x = np.clip(grey + (x - grey) * rng.uniform(0.2, 1.6), 0, 1)
    if p[2] < 0.08 * strength:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    if p[3] < 0.7 * strength:
        x = np.power(np.maximum(x, 1e-4), np.float32(np.exp(rng.normal(0, 0.3))))
    if p[4] < 0.7 * strength:
        x = x * np.float32(np.exp(rng.normal(0, 0.25))) + np.float32(rng.normal(0, 0.03))
    if p[5] < 0.15 * strength:
        rows = np.arange(x.shape[0], dtype=np.float32)[:, None, None]
        x = x * (1 + rng.uniform(0.03, 0.15) * np.sin(rows * rng.uniform(0.03, 0.2) + rng.uniform(0, 6.3)).astype(np.float32))
    if p[6] < 0.25 * strength:
        yy, xx = np.mgrid[-1:1:x.shape[0] * 1j, -1:1:x.shape[1] * 1j].astype(np.float32)
        x = x * (1 - np.float32(rng.uniform(0, 0.4)) * (xx * xx + yy * yy)[..., None] / 2)
    if p[7] < 0.2 * strength:
        factor = rng.uniform(0.4, 0.9)
        small = cv2.resize(x, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        x = cv2.resize(small, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_LINEAR)
    if p[8] < 0.3 * strength:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 1.3))
    if p[9] < 0.12 * strength:
        length = int(rng.integers(3, 8))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        c = (length - 1) / 2
        cv2.line(kernel, (int(round(c - c * np.cos(angle))), int(round(c - c * np.sin(angle)))),
                 (int(round(c + c * np.cos(angle))), int(round(c + c * np.sin(angle)))), 1.0)
        x = cv2.filter2D(x, -1, kernel / kernel.sum())
    if p[10] < 0.5 * strength:
        noise = rng.standard_normal((x.shape[0], x.shape[1], 3), dtype=np.float32)
        if rng.random() < 0.3:
            noise = cv2.GaussianBlur(noise, (0, 0), 0.7) * 2
        x = x + noise * np.float32(rng.uniform(0.0, 0.045))
    x = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    if p[11] < 0.4 * strength:
        _, data = cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 96))])
        x = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if p[12] < 0.12 * strength:
        h, w = int(rng.integers(8, 40)), int(rng.integers(8, 50))
        top, left = int(rng.integers(0, picture.HEIGHT - h)), int(rng.integers(0, picture.WIDTH - w))
        x[top:top + h, left:left + w] = rng.integers(0, 256, 3)
    return x


def infrared(x, rng):
    """A sensor without a filter: infrared light comes into every channel, mostly red; plants and cloth turn pale."""
    glow = np.clip(0.2 + 0.8 * x.max(2, keepdims=True), 0, 1) ** np.float32(rng.uniform(0.6, 1.2))
    share = np.float32(rng.uniform(0.15, 0.6)) * np.float32([1.0, rng.uniform(0.5, 0.8), rng.uniform(0.6, 1.0)])
    return x * (1 - share) + glow * share


def dim(x, rng):
    """Too little light: what is left of it with the noise of a high gain."""
    light = np.float32(rng.uniform(0.15, 0.6))
    dark = rng.poisson(np.clip(x, 0, 1) * 255 * light).astype(np.float32) / 255 / light
    return dark * np.float32(rng.uniform(0.35, 0.9))


def strong(rgb, rng):
    """Photometric changes beyond `disturb`: hue, tone curves by channel, light that falls off to a side, sharpening."""
    x = rgb.astype(np.float32) / 255.0
    if rng.random() < 0.5:
        hsv = cv2.cvtColor(x, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0] + rng.normal(0, 18)) % 360
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.5), 0, 1)
        x = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    if rng.random() < 0.5:
        x = np.power(np.maximum(x, 1e-4), np.exp(rng.normal(0, 0.25, 3)).astype(np.float32))
    if rng.random() < 0.5:
        middle = x.mean()
        x = middle + (x - middle) * np.float32(np.exp(rng.normal(0, 0.3)))
    if rng.random() < 0.4:
        yy, xx = np.mgrid[-1:1:x.shape[0] * 1j, -1:1:x.shape[1] * 1j].astype(np.float32)
        a = rng.uniform(0, 2 * np.pi)
        x = x * np.exp(rng.normal(0, 0.35) * (np.cos(a) * xx + np.sin(a) * yy))[..., None].astype(np.float32)
    if rng.random() < 0.25:
        x = x + (x - cv2.GaussianBlur(x, (0, 0), 1.0)) * np.float32(rng.uniform(0.2, 1.2))
    if rng.random() < 0.08:
        x = infrared(x, rng)
    if rng.random() < 0.06:
        x = dim(x, rng)
    if rng.random() < 0.5:
        x = x * np.float32(np.exp(rng.normal(0, 0.25)))
    return (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
