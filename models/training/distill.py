# SPDX-License-Identifier: Apache-2.0
"""Stage d: the one-step student: time fixed, no noise, losses on the decoded result, the teacher's paintings on photographs."""
import os

import numpy as np
import torch

import classes
import data
import loop
import losses
import network
import released
from tune import adopt, colour_maps, random_palettes


def start(options):
    """The student's first weights: none, the generator's backbone, the teacher's, or a released student's."""
    if options.init == "none":
        return loop.new_painter(options)
    if options.init == "released":
        loader = data.Loader("frames", {"shards": options.shards, "batch": 16}, options.seed + 900)
        batches = [loader.next() for _ in range(12)]
        loader.close()
        return released.load(options.checkpoint, ((data.normalise(b["rgb"]), b["geometry"].float()) for b in batches))
    painter = loop.load_painter(options.checkpoint)
    if options.init == "pretrain":
        adopt(painter)
    return painter


def main():
    parser = loop.arguments("distill", 60)
    parser.add_argument("--init", choices=("none", "pretrain", "teacher", "released"), default="teacher")
    parser.add_argument("--checkpoint", default="work/tune/checkpoint.pt", help="the generator, the teacher or the released .onnx file that --init names")
    parser.add_argument("--painted", help="shards that the teacher painted on photographs (paint.py)")
    parser.add_argument("--keep-every", type=float, default=0.0, help="minutes between copies of the checkpoint kept for choosing")
    options = loop.parse(parser)
    resumed = os.path.exists(os.path.join(options.out, "checkpoint.pt")) and not options.fresh
    painter = loop.new_painter(options) if resumed else start(options)
    for name, parameter in painter.named_parameters():
        if name.startswith(("stem_noisy", "generate")):
            parameter.requires_grad_(False)
    run = loop.Run(options, painter)
    loader = data.Loader("frames", {"shards": options.shards, "painted": options.painted, "batch": options.batch}, options.seed + 300 + run.step)
    rng = np.random.default_rng(options.seed + run.step)
    class_weights, going = losses.ClassWeights(painter.config.classes), True
    rainbow, kept = colour_maps()[0], run.elapsed
    time, task = torch.full((options.batch,), network.STUDENT_TIME), torch.zeros(options.batch, dtype=torch.long)
    while going:
        batch = loader.next()
        truth = losses.Truth(batch)
        weights = class_weights(batch["label"][truth.clean > 0])
        pixel_weight = 0.3 + 0.7 * truth.clean
        depth_palette, label_palette = random_palettes(len(truth.clean), rng)
        depth_palette[: len(depth_palette) // 2] = rainbow
        thing = losses.choose_things(truth, classes.THINGS, rng)
        image, geometry = run.lay(data.normalise(batch["rgb"])), run.lay(batch["geometry"].float())
        grid = losses.Grid(rng)
        with run.autocast():
            some, log_scale, up = run.painter.trunk(image, geometry, None, time, task, grid)
            places = grid.of_features(run.painter.places)
            known = grid.of_features(network.what_is_told(geometry, truth.log_scale))
            hidden = [run.painter.task_features(some, t, told=known, up=up) for t in range(3)] + [run.painter.task_features(some, network.INSTANCES, thing, places)]
        depth, told = losses.depth_loss(run.painter, hidden[0], log_scale.float(), truth, grid, depth_palette, pixel_weight)
        labels, more = losses.label_loss(run.painter, hidden[1], truth, grid, label_palette, weights, pixel_weight)
        normals, most = losses.normal_loss(run.painter, hidden[2], truth, grid, pixel_weight)
        instances, last = losses.instance_loss(run.painter, hidden[3], truth, thing, grid, truth.clean)
        lean, least = losses.tilt_loss(up, truth)
        going = run.update(depth + labels + normals + instances + lean, len(truth.clean), {**told, **more, **most, **last, **least})
        if options.keep_every and run.elapsed - kept > options.keep_every * 60:
            kept = run.elapsed
            run.save(f"kept-{int(run.elapsed / 60):04d}.pt")
    run.save()
    loader.close()


if __name__ == "__main__":
    main()
