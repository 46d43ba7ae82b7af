# SPDX-License-Identifier: Apache-2.0
"""Pictures that are stretched once over a face: packaging, labels, posters, books, papers, screens, keyboards, views."""
import cv2
import numpy as np

from worlds.textures import finish, hsv, muted, noise, vivid

WORDS = ("FRESH", "CORN", "Muesli", "Tea", "CAFE", "Original", "BIO", "Choco", "MILK", "250 g", "1 kg", "SOUP", "Rice", "Vita",
         "NEW", "Crunch", "Classic", "Paper", "TOOLS", "Parts", "Fragile", "BOX 12", "Salt", "Soap", "Clean", "Power", "No. 5",
         "Honey", "Berry", "Lemon", "Snack", "Toast", "Data", "Model", "Atlas", "Garden", "Robot", "Optics", "Volume", "Light")
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX,
         cv2.FONT_HERSHEY_SCRIPT_COMPLEX)


def text(rng, image, word, x, y, height, colour):
    """Writes a word whose capitals are `height` pixels high, its left bottom at x, y."""
    font, thick = int(rng.choice(FONTS)), max(1, int(height / rng.uniform(5, 10)))
    cv2.putText(image, word, (int(x), int(y)), font, height / 22, [float(c) for c in colour], thick, cv2.LINE_AA)


def lines(rng, image, x0, y0, x1, y1, step, colour):
    """Small print: rows of short dashes standing for words."""
    for y in np.arange(y0, y1, step):
        x = x0
        while x < x1 - 3:
            n = rng.integers(3, 14) * step / 6
            cv2.line(image, (int(x), int(y)), (int(min(x + n, x1)), int(y)), [float(c) for c in colour], max(1, int(step / 3)))
            x += n + step / 2.5


def blob_picture(rng, h, w):
    """A vague photograph: blobs, fruits or a landscape in saturated colours."""
    base, ink = vivid(rng), vivid(rng)
    field = noise(rng, h, w, rng.uniform(1.2, 2))[..., None]
    image = base + (ink - base) * np.clip(field * 0.6 + 0.4, 0, 1)
    image = np.ascontiguousarray(image, np.float32)
    for _ in range(rng.integers(0, 9)):
        centre, radius = (int(rng.uniform(0, w)), int(rng.uniform(0, h))), int(rng.uniform(0.04, 0.2) * min(h, w)) + 1
        cv2.circle(image, centre, radius, [float(c) for c in vivid(rng)], -1, cv2.LINE_AA)
    return image


def paste(image, part, x, y):
    h, w = min(part.shape[0], image.shape[0] - y), min(part.shape[1], image.shape[1] - x)
    if h > 0 and w > 0:
        image[y:y + h, x:x + w] = part[:h, :w]


def barcode(rng, image, x, y, w, h):
    image[y:y + h, x:x + w] = 245
    bars = np.repeat(rng.random(max(1, w // 2)) < 0.5, 2)[:w]
    image[y + 1:y + h - 1, x:x + len(bars)][:, bars[:max(0, image.shape[1] - x)]] = 20


def package(rng, h=192, w=128):
    image = np.zeros((h, w, 3), np.float32) + (vivid(rng) if rng.random() < 0.8 else muted(rng))
    if rng.random() < 0.5:
        k = rng.uniform(0.2, 0.8)
        image[int(h * k):] = vivid(rng)
    if rng.random() < 0.75:
        ph, pw = int(h * rng.uniform(0.25, 0.6)), int(w * rng.uniform(0.5, 1))
        paste(image, blob_picture(rng, ph, pw), int(rng.uniform(0, w - pw + 1)), int(rng.uniform(0, h - ph + 1)))
    ink = [255.0, 255, 255] if rng.random() < 0.5 else vivid(rng) * 0.5
    size = w * rng.uniform(0.1, 0.2)
    text(rng, image, str(rng.choice(WORDS)), w * rng.uniform(0.03, 0.2), h * rng.uniform(0.15, 0.5), size, ink)
    text(rng, image, str(rng.choice(WORDS)), w * rng.uniform(0.03, 0.3), h * rng.uniform(0.5, 0.95), size * 0.5, ink)
    return finish(image)


def package_side(rng, h=160, w=96):
    image = np.zeros((h, w, 3), np.float32) + (vivid(rng) if rng.random() < 0.6 else hsv(0.15, 0.05, 0.95))
    if rng.random() < 0.8:
        image[int(h * 0.3):int(h * 0.75), int(w * 0.1):int(w * 0.9)] = 240
        lines(rng, image, w * 0.14, h * 0.34, w * 0.85, h * 0.73, 6, (40, 40, 40))
    text(rng, image, str(rng.choice(WORDS)), w * 0.08, h * 0.2, w * 0.12, (255, 255, 255))
    if rng.random() < 0.6:
        barcode(rng, image, int(w * 0.2), int(h * 0.8), int(w * 0.5), int(h * 0.15))
    return finish(image)


def cardboard(rng, h=128, w=128):
    image = hsv(rng.uniform(0.07, 0.1), rng.uniform(0.3, 0.5), rng.uniform(0.5, 0.8)) + noise(rng, h, w, 0.6)[..., None] * 5
    image = np.ascontiguousarray(image, np.float32)
    if rng.random() < 0.7:
        image[int(h * 0.46):int(h * 0.54)] = hsv(0.1, rng.uniform(0.1, 0.5), rng.uniform(0.5, 0.9))
    if rng.random() < 0.6:
        text(rng, image, str(rng.choice(WORDS)), w * 0.1, h * rng.choice([0.35, 0.85]), w * 0.12, (50, 35, 25))
    if rng.random() < 0.4:
        image[int(h * 0.62):int(h * 0.9), int(w * 0.55):int(w * 0.9)] = 240
        lines(rng, image, w * 0.58, h * 0.67, w * 0.88, h * 0.88, 6, (40, 40, 40))
    return finish(image)


def can_label(rng, h=96, w=256):
    """Wraps round a cylinder once; repeats twice so that one logo is always in view."""
    half = package(rng, h, w // 2)
    return np.hstack([half, half])


def poster(rng, h=192, w=144):
    kind = rng.integers(3)
    image = blob_picture(rng, h, w) if kind else np.zeros((h, w, 3), np.float32) + muted(rng)
    if kind != 1:
        text(rng, image, str(rng.choice(WORDS)), w * 0.08, h * rng.uniform(0.15, 0.3), w * 0.12, vivid(rng))
        lines(rng, image, w * 0.1, h * 0.6, w * 0.9, h * 0.9, 7, (30, 30, 30))
    edge = int(rng.integers(0, 14))
    if edge:
        image = cv2.copyMakeBorder(image, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=[float(c) for c in muted(rng)])
    return finish(image)


def paper(rng, h=160, w=112):
    image = np.full((h, w, 3), rng.uniform(225, 252), np.float32)
    y = h * rng.uniform(0.06, 0.15)
    text(rng, image, str(rng.choice(WORDS)), w * 0.1, y + 8, 8, (20, 20, 20))
    lines(rng, image, w * 0.1, y + 16, w * 0.9, h * rng.uniform(0.5, 0.95), rng.uniform(4, 8), (60, 60, 60))
    if rng.random() < 0.4:
        paste(image, blob_picture(rng, h // 4, w // 2), w // 4, h // 2)
    return finish(image)


def book_cover(rng, h=160, w=112):
    image = np.zeros((h, w, 3), np.float32) + (vivid(rng) if rng.random() < 0.6 else muted(rng))
    if rng.random() < 0.5:
        paste(image, blob_picture(rng, h // 2, int(w * 0.8)), int(w * 0.1), int(h * 0.35))
    text(rng, image, str(rng.choice(WORDS)), w * 0.08, h * 0.2, w * 0.14, vivid(rng) if rng.random() < 0.5 else (250, 250, 250))
    return finish(image)


def book_row(rng, h=128, w=256):
    """Spines of a full shelf: about 2.5 cm a book where the picture covers 0.6 m."""
    image = np.full((h, w, 3), 25, np.float32)
    x = 0
    while x < w:
        n, top = int(rng.integers(5, 19)), int(h * rng.uniform(0, 0.3))
        image[top:, x:x + n] = vivid(rng) if rng.random() < 0.5 else muted(rng)
        image[top:, x:x + 1] *= 0.5
        if n > 8:
            image[int(h * 0.45):int(h * rng.uniform(0.6, 0.85)), x + n // 2 - 1:x + n // 2 + 1] = rng.choice([240, 20])
        x += n
    return finish(image)


def screen(rng, h=144, w=240):
    if rng.random() < 0.25:
        return np.full((h, w, 3), int(rng.integers(5, 30)), np.uint8)
    image = blob_picture(rng, h, w) if rng.random() < 0.5 else np.zeros((h, w, 3), np.float32) + muted(rng)
    for _ in range(rng.integers(0, 4)):
        x, y = int(rng.uniform(0, w * 0.6)), int(rng.uniform(0, h * 0.6))
        ww, hh = int(rng.uniform(0.3, 0.6) * w), int(rng.uniform(0.3, 0.6) * h)
        image[y:y + hh, x:x + ww] = rng.choice([245, 30])
        lines(rng, image, x + 4, y + 8, min(w, x + ww) - 3, min(h, y + hh) - 3, 6, muted(rng))
    image[-8:] = muted(rng) * 0.5
    return finish(image)


def keyboard(rng, h=96, w=256):
    dark = rng.random() < 0.7
    image = np.full((h, w, 3), 25 if dark else 215, np.float32)
    key = 45 if dark else 245
    for r in range(6):
        x = 4
        while x < w - 10:
            n = int(rng.choice([12, 12, 12, 20])) if not (r == 5 and 60 < x < 70) else 70
            image[4 + r * 15:16 + r * 15, x:min(w - 4, x + n)] = key
            image[8 + r * 15:11 + r * 15, x + 4:min(w - 4, x + 8)] = 200 if dark else 60
            x += n + 3
    return finish(image)


def whiteboard(rng, h=128, w=192):
    image = np.full((h, w, 3), 240, np.float32)
    for _ in range(rng.integers(0, 14)):
        ink = hsv(rng.choice([0, 0.33, 0.62]), 0.8, rng.uniform(0.1, 0.7))
        if rng.random() < 0.5:
            text(rng, image, str(rng.choice(WORDS)), rng.uniform(0, w * 0.8), rng.uniform(10, h), rng.uniform(5, 12), ink)
        else:
            points = rng.uniform(0, 1, (rng.integers(2, 6), 2)) * (w, h)
            cv2.polylines(image, [points.astype(np.int32)], bool(rng.random() < 0.5), [float(c) for c in ink], 1, cv2.LINE_AA)
    return finish(image)


def view(rng, h=192, w=256):
    """What is seen through a window: sky, houses, trees; out of focus."""
    horizon = int(h * rng.uniform(0.3, 0.75))
    sky = hsv(rng.uniform(0.52, 0.62), rng.uniform(0, 0.5), rng.uniform(0.8, 1))
    image = np.zeros((h, w, 3), np.float32) + sky + noise(rng, h, w, 1.6)[..., None] * 12
    ground = hsv(rng.uniform(0.15, 0.35), rng.uniform(0.2, 0.6), rng.uniform(0.3, 0.7))
    image[horizon:] = ground + noise(rng, h - horizon, w, 0.8)[..., None] * 18
    for _ in range(rng.integers(0, 6)):
        x, ww, top = int(rng.uniform(-20, w)), int(rng.uniform(20, 90)), int(horizon - rng.uniform(5, 80))
        image[max(0, top):horizon + 6, max(0, x):x + ww] = muted(rng)
        for yy in range(max(0, top) + 5, horizon - 8, 14):
            for xx in range(max(0, x) + 5, min(w, x + ww) - 6, 14):
                image[yy:yy + 7, xx:xx + 6] *= 0.55
    for _ in range(rng.integers(0, 8)):
        centre = (int(rng.uniform(0, w)), int(horizon - rng.uniform(-20, 30)))
        cv2.circle(image, centre, int(rng.uniform(8, 40)), [float(c) for c in hsv(rng.uniform(0.2, 0.35), 0.6, rng.uniform(0.2, 0.5))], -1)
    return finish(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.5)))


def frame_panel(rng, h=192, w=96):
    """A panelled door leaf."""
    colour = muted(rng) if rng.random() < 0.5 else hsv(rng.uniform(0.05, 0.1), rng.uniform(0.2, 0.6), rng.uniform(0.3, 0.9))
    image = np.zeros((h, w, 3), np.float32) + colour + noise(rng, h, w, 1, ay=10)[..., None] * rng.uniform(0, 4)
    rows, cols = int(rng.integers(0, 4)), int(rng.integers(1, 3))
    for r in range(rows):
        for c in range(cols):
            y0, y1 = int(h * (r + 0.12) / rows), int(h * (r + 0.88) / rows)
            x0, x1 = int(w * (c + 0.15) / cols), int(w * (c + 0.85) / cols)
            cv2.rectangle(image, (x0, y0), (x1, y1), [float(v) for v in colour * 0.7], 2)
            cv2.rectangle(image, (x0 + 2, y0 + 2), (x1, y1), [float(v) for v in np.minimum(colour * 1.2, 255)], 1)
    cv2.circle(image, (int(w * 0.92), int(h * 0.52)), 3, [float(rng.uniform(60, 200))] * 3, -1)
    return finish(image)


def dial_front(rng, h=128, w=128):
    """The front of an appliance: a handle, a display, knobs, perhaps a round door."""
    image = np.full((h, w, 3), rng.choice([25, 120, 180, 235, 240]), np.float32)
    for i in range(rng.integers(1, 6)):
        cv2.circle(image, (int(w * (0.15 + i * 0.12)), int(h * 0.1)), 4, (60, 60, 60), -1, cv2.LINE_AA)
    image[int(h * 0.06):int(h * 0.14), int(w * 0.75):int(w * 0.92)] = (20, 40, 30)
    if rng.random() < 0.5:
        cv2.circle(image, (w // 2, int(h * 0.58)), int(h * 0.27), (90, 90, 90), -1, cv2.LINE_AA)
        cv2.circle(image, (w // 2, int(h * 0.58)), int(h * 0.2), (30, 30, 35), -1, cv2.LINE_AA)
    else:
        cv2.rectangle(image, (int(w * 0.1), int(h * 0.25)), (int(w * 0.9), int(h * 0.9)), (35, 35, 38), -1)
        cv2.line(image, (int(w * 0.12), int(h * 0.21)), (int(w * 0.88), int(h * 0.21)), (160, 160, 160), 3)
    return finish(image)


PRINTED = {
    "package": (package, 90), "package_side": (package_side, 50), "cardboard": (cardboard, 24), "can_label": (can_label, 40),
    "poster": (poster, 50), "paper": (paper, 30), "book_cover": (book_cover, 40), "book_row": (book_row, 24),
    "screen": (screen, 24), "keyboard": (keyboard, 6), "whiteboard": (whiteboard, 8), "view": (view, 30),
    "door_leaf": (frame_panel, 20), "dial_front": (dial_front, 12),
}
