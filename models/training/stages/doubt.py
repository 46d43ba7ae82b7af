# SPDX-License-Identifier: Apache-2.0
"""Stage d, second part: the student, which does not change any more, learns how wrong its depth is. Its confidence is made of that."""
import numpy as np
import torch

from painter import batches, checkpoints, loop, losses, palettes, picture


MOST = 1.5          # |log error| beyond which a pixel is simply wrong: a few wild ones must not outweigh the rest


def errors(painter, hidden, log_scale, truth, grid):
    """|error| of log depth: of the shape at the pixels of the grid [B,h,w], of the scale [B], and where they are known."""
    ratio, valid = grid.of_picture(truth.ratio), grid.of_picture(truth.valid)
    painted = torch.softmax(painter.logits(hidden, palettes.DEPTH, grid.phase), -1) @ painter.ratios
    apart = painted - ratio
    known = torch.where(valid > 0, apart, torch.full_like(apart, float("nan")))
    middle = known.flatten(1).nanmedian(1).values.nan_to_num()          # what is left of the scale, as median alignment takes it away
    shape = (apart - middle[:, None, None]).abs().clamp(max=MOST)
    return shape, (log_scale + middle - truth.log_scale).abs().clamp(max=MOST), valid


def likelihood(error, log_expected):
    """Negative logarithm of the exponential distribution: least where the expected error is the mean of the errors."""
    return error * torch.exp(-log_expected) + log_expected


def main(given=None):
    parser = loop.arguments("doubt", 8)
    parser.add_argument("--checkpoint", default="work/distill/checkpoint.pt")
    options = loop.parse(parser, given)
    painter = checkpoints.load_painter(options.checkpoint)
    run = loop.Run(options, painter)
    for name, parameter in painter.named_parameters():
        parameter.requires_grad_(name.startswith("doubt."))
    painter.eval()
    loader = batches.Loader("frames", {"shards": options.shards, "batch": options.batch}, options.seed + 700 + run.step)
    time, task = torch.full((options.batch,), palettes.STUDENT_TIME), torch.zeros(options.batch, dtype=torch.long)
    rng, going = np.random.default_rng(options.seed + run.step), True
    while going:
        batch = loader.next()
        truth, grid = losses.Truth(batch), losses.Grid(rng)
        with torch.no_grad(), run.autocast():
            geometry = batch["geometry"].float()
            features, log_scale, up = painter.trunk(run.lay(picture.normalise(batch["rgb"])), geometry, None, time, task)
            known = grid.of_features(palettes.what_is_told(geometry, log_scale))
            hidden = painter.task_features(grid.of_features(features), palettes.DEPTH, told=known, up=up)
        with torch.no_grad():
            shape, scale, valid = errors(painter, hidden, log_scale.float(), truth, grid)
        told_shape, told_scale = painter.doubt(features.float())
        told_shape = grid.of_picture(told_shape[:, 0])
        of_shape = losses.mean_over(likelihood(shape, told_shape), valid)
        of_scale = losses.mean_over(likelihood(scale, told_scale[:, 0]), truth.has_scale)
        going = run.update(of_shape + 0.2 * of_scale, len(shape), {"shape": float(of_shape), "scale": float(of_scale),
                           "error": float(losses.mean_over(shape, valid)), "told": float(losses.mean_over(told_shape.exp(), valid))})
    run.save()
    loader.close()


if __name__ == "__main__":
    main()
