# SPDX-License-Identifier: Apache-2.0
"""Stage `distill`: the one-step student. Time fixed, no noise, losses on the decoded result.

A painter whose encoder has seen photographs is kept near what it was there: its statistics and its weights up to 1/4 stay, the rest of it learns at
`--encoder-rate`, and its features may not go far from ImageNet's, on rendered frames and on photographs (`--memory`).
"""
import os

import numpy as np
import torch

from painter import batches, checkpoints, loop, losses, palettes, photographs, picture, released
from painter.instructions import adopt, colour_maps, random_palettes
from painter.resnet import Memory
from stages import imagenet
from worlds import classes

STARTS = ("none", "imagenet", "pretrain", "teacher", "released")


def start(options):
    """
    The student's first weights: none, those of ImageNet (the encoder's), the generator's backbone, a teacher's or an earlier student's, or a released
    student's.
    """
    if options.init == "none":
        return checkpoints.new_painter(options.painter, options.width)
    if options.init == "imagenet":
        painter = checkpoints.new_painter("m", options.width)
        imagenet.load(painter.encoder, options.encoder)
        return painter
    if options.init == "released":
        loader = batches.Loader("frames", {"shards": options.shards, "batch": 16}, options.seed + 900)
        seen = [loader.next() for _ in range(12)]
        loader.close()
        encoder = torch.load(options.encoder, map_location="cpu") if os.path.exists(options.encoder) else None
        return released.load(options.checkpoint, ((picture.normalise(b["rgb"]), b["geometry"].float()) for b in seen), encoder)
    painter = checkpoints.load_painter(options.checkpoint)
    if options.init == "pretrain" and painter.config.encoder == "plain":
        adopt(painter)
    return painter


def painted_by(painter, features, log_scale, up, geometry, truth, thing, grid):
    """The layer of every task at the grid's pixels."""
    places = grid.of_features(painter.places)
    known = grid.of_features(palettes.what_is_told(geometry, truth.log_scale))
    hidden = [painter.task_features(features, t, told=known, up=up) for t in (palettes.DEPTH, palettes.LABELS, palettes.NORMALS)]
    return hidden + [painter.task_features(features, palettes.INSTANCES, thing, places)]


def main(given=None):
    parser = loop.arguments("distill", 60)
    parser.add_argument("--init", choices=STARTS, default="teacher")
    parser.add_argument("--checkpoint", default="work/tune/checkpoint.pt", help="the generator, the teacher or the released .onnx file that --init names")
    parser.add_argument("--painted", help="shards that the teacher painted on photographs (stage `paint`)")
    parser.add_argument("--keep-every", type=float, default=0.0, help="minutes between copies of the checkpoint kept for choosing")
    parser.add_argument("--strong", type=float, default=0.0, help="share of frames with stronger changes of colour and light")
    parser.add_argument("--encoder", default="work/imagenet/encoder.pt", help="what stage `imagenet` wrote")
    parser.add_argument("--encoder-rate", type=float, default=0.1, help="learning rate of an encoder that has seen photographs over everything else's")
    parser.add_argument("--learn-all", action="store_true", help="nothing of such an encoder stays as it was")
    parser.add_argument("--memory", type=float, default=0.0, help="weight of the distance to ImageNet's features; needs --photographs")
    parser.add_argument("--photographs-a-step", type=int, default=4)
    options = loop.parse(parser, given)
    resumed = os.path.exists(os.path.join(options.out, "checkpoint.pt")) and not options.fresh
    painter = checkpoints.load_painter(os.path.join(options.out, "checkpoint.pt"), average=False) if resumed else start(options)
    learned_from_photographs = painter.config.encoder != "plain"
    for name, parameter in painter.named_parameters():
        if name.startswith(("stem_noisy", "generate", "doubt.")):
            parameter.requires_grad_(False)
    memory, images = None, []
    if learned_from_photographs and options.init != "none" and not options.learn_all:
        painter.freeze()
    if learned_from_photographs and options.memory:
        first = checkpoints.new_painter("m", options.width).encoder
        imagenet.load(first, options.encoder)
        memory, images = Memory(first), photographs.load(options.photographs, 400, 140)
    before = torch.load(os.path.join(options.out, "checkpoint.pt"), map_location="cpu")["step"] if resumed else 0
    wanted = {"shards": options.shards, "painted": options.painted, "batch": options.batch, "strong": options.strong}
    loader = batches.Loader("frames", wanted, options.seed + 300 + before, options.workers)
    run = loop.Run(options, painter, options.encoder_rate if learned_from_photographs else 1.0)
    if memory is not None:
        memory.to(run.device)
    rng = np.random.default_rng(options.seed + run.step)
    class_weights, going = losses.ClassWeights(painter.config.classes), True
    rainbow, kept = colour_maps()[0].to(run.device), run.elapsed
    count = options.batch
    time, task = torch.full((count,), palettes.STUDENT_TIME), torch.zeros(count, dtype=torch.long)
    while going:
        batch = {k: v.to(run.device) for k, v in loader.next().items()}
        truth = losses.Truth(batch)
        weights = class_weights(batch["label"][truth.clean > 0])
        pixel_weight = 0.3 + 0.7 * truth.clean
        depth_palette, label_palette = (p.to(run.device) for p in random_palettes(count, rng))
        depth_palette[: count // 2] = rainbow
        thing = losses.choose_things(truth, classes.THINGS, rng)
        rgb, geometry, grid = batch["rgb"], run.lay(batch["geometry"].float()), losses.Grid(rng)
        if memory is not None:
            rgb = torch.cat([rgb, torch.from_numpy(photographs.crops(images, options.photographs_a_step, rng)).to(run.device)])
        image, far = run.lay(picture.normalise(rgb)), torch.zeros(())
        with run.autocast():
            if memory is None:
                features, log_scale, up = painter.trunk(image, geometry, None, time, task, grid)
            else:
                seen = painter.encoder(image, painter.frozen)
                far = memory.distance([x[count // 2:] for x in seen])       # half of the rendered frames, all photographs
                features, log_scale, up = painter.decode(painter.join([x[:count] for x in seen], geometry), geometry, grid)
            hidden = painted_by(painter, features, log_scale, up, geometry, truth, thing, grid)
        depth, told = losses.depth_loss(painter, hidden[0], log_scale.float(), truth, grid, depth_palette, pixel_weight)
        labels, more = losses.label_loss(painter, hidden[1], truth, grid, label_palette, weights, pixel_weight)
        normals, most = losses.normal_loss(painter, hidden[2], truth, grid, pixel_weight)
        instances, last = losses.instance_loss(painter, hidden[3], truth, thing, grid, truth.clean)
        lean, least = losses.tilt_loss(up, truth)
        loss = depth + labels + normals + instances + lean + options.memory * far
        going = run.update(loss, count, {**told, **more, **most, **last, **least, "far": float(far)})
        if options.keep_every and run.elapsed - kept > options.keep_every * 60:
            kept = run.elapsed
            run.save(f"kept-{int(run.elapsed / 60):04d}.pt")
    run.save()
    loader.close()


if __name__ == "__main__":
    main()
