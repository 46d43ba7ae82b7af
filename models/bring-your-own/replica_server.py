#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An image generator behind HTTP for `http.yaml`: POST /paint with a form of `image` (PNG) and `prompt`, answered by a PNG of the same size.

    python3 replica_server.py --model BASE [--lora TUNED] [--steps 8]     # diffusers, e.g. a FLUX.1 Kontext pipeline tuned to the paper's prompts
    /usr/bin/python3 replica_server.py --random                           # no model: random pictures of the right kind, to try the way there and back
"""
import argparse
import email.parser
import email.policy
import http.server
import re

import cv2
import numpy as np

WALK = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 1, 1]], np.float32)


def random_painting(picture, prompt):
    """A smooth random answer that decodes: depth on the colour walk, unit normals, or the first colour that the prompt names."""
    height, width = picture.shape[:2]
    rng = np.random.default_rng(len(prompt))
    smooth = cv2.resize(rng.normal(size=(4, 5, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    if "depth" in prompt.lower():
        u = np.clip(0.25 + 0.06 * smooth[..., 0], 0.01, 0.99) * 7
        low = np.minimum(u.astype(int), 6)
        painted = WALK[low] + (u - low)[..., None] * (WALK[low + 1] - WALK[low])
    elif "normal" in prompt.lower():
        n = smooth * 0.3 + np.array([0, 0, 1], np.float32)
        n /= np.linalg.norm(n, axis=-1, keepdims=True)
        painted = np.stack([1 - n[..., 0], 1 + n[..., 1], 1 + n[..., 2]], -1) / 2
    else:
        named = re.search(r"[<(](\d+), *(\d+), *(\d+)[>)]", prompt)
        colour = [int(c) / 255 for c in named.groups()] if named else [0, 0, 0]
        painted = np.broadcast_to(np.array(colour, np.float32), (height, width, 3))
    return np.round(painted * 255).astype(np.uint8)


def generator(options):
    """A diffusers pipeline that edits a picture by a prompt, as a function of RGB and prompt."""
    import diffusers
    import torch
    from PIL import Image
    pipeline = diffusers.DiffusionPipeline.from_pretrained(options.model, torch_dtype=torch.bfloat16).to("cuda")
    if options.lora:
        pipeline.load_lora_weights(options.lora)

    def paint(picture, prompt):
        height, width = picture.shape[:2]
        made = pipeline(image=Image.fromarray(picture), prompt=prompt, width=width, height=height, num_inference_steps=options.steps,
                        generator=torch.Generator("cuda").manual_seed(0)).images[0]
        return np.asarray(made.convert("RGB"))

    return paint


class Handler(http.server.BaseHTTPRequestHandler):
    paint = None

    def do_POST(self):
        try:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n"
            form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
            parts = {p.get_param("name", header="Content-Disposition"): p.get_payload(decode=True) for p in form.iter_parts()}
            picture = cv2.imdecode(np.frombuffer(parts["image"], np.uint8), cv2.IMREAD_COLOR)
            painting = Handler.paint(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), parts["prompt"].decode())
            answer, kind, code = cv2.imencode(".png", cv2.cvtColor(painting, cv2.COLOR_RGB2BGR))[1].tobytes(), "image/png", 200
        except Exception as error:          # whatever went wrong is the client's to read
            answer, kind, code = f"{type(error).__name__}: {error}".encode(), "text/plain", 500
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="a diffusers pipeline: a folder or a name")
    parser.add_argument("--lora", help="weights tuned to paint")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if bool(options.model) == options.random:
        parser.error("give --model or --random")
    Handler.paint = staticmethod(random_painting if options.random else generator(options))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(f"painting on http://127.0.0.1:{server.server_port}/paint", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
