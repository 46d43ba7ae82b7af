# SPDX-License-Identifier: Apache-2.0
"""Stage `tune`: instruction tuning. The generator learns to paint depth, labels, normals and instances, and goes on generating: the teacher."""
import os

import numpy as np
import torch

from painter import batches, checkpoints, loop, losses, palettes, picture
from worlds import classes
from painter.flow import flow_loss, noisy, random_times
from painter.instructions import adopt, paint_truth, random_instance_palette, random_palettes, subset


def main(given=None):
    parser = loop.arguments("tune", 15)
    parser.add_argument("--init", default="work/pretrain/checkpoint.pt", help="pretrained generator, or `none`")
    options = loop.parse(parser, given)
    painter = checkpoints.new_painter(options.painter, options.width)
    if options.init != "none" and not os.path.exists(os.path.join(options.out, "checkpoint.pt")):
        painter = checkpoints.load_painter(options.init)
        adopt(painter)
    run = loop.Run(options, painter)
    loader = batches.Loader("frames", {"shards": options.shards, "batch": options.batch}, options.seed + 100)
    pictures = batches.Loader("pictures", {"shards": options.shards, "photographs": options.photographs, "batch": max(1, options.batch // 6), "real": 0.5},
                           options.seed + 200)
    rng = np.random.default_rng(options.seed)
    class_weights, going = losses.ClassWeights(painter.config.classes), True
    while going:
        batch, extra = loader.next(), pictures.next()["rgb"]
        truth = losses.Truth(batch)
        weights = class_weights(batch["label"])
        count, free = len(batch["rgb"]), len(extra)
        task = torch.from_numpy(np.sort(rng.integers(0, len(palettes.TASKS), count)))
        depth_palette, label_palette = random_palettes(count, rng)
        thing = losses.choose_things(truth, classes.THINGS, rng)
        answer = paint_truth(truth, task, depth_palette, label_palette, random_instance_palette(rng), thing)
        generated = extra.permute(0, 3, 1, 2).float() / 127.5 - 1
        clean = run.lay(torch.cat([answer, generated]))
        # A third of the answers start from nothing at all, the case that the student will be.
        time = torch.where(torch.rand(count + free) < 0.33, torch.ones(count + free), random_times(count + free))
        started = noisy(clean, time)
        image = run.lay(torch.cat([picture.normalise(batch["rgb"]), torch.zeros(free, 3, picture.HEIGHT, picture.WIDTH)]))
        geometry = run.lay(torch.cat([batch["geometry"].float(), torch.zeros(free, 5, picture.HEIGHT, picture.WIDTH)]))
        every = torch.cat([task, torch.full((free,), palettes.GENERATE)])
        grid = losses.Grid(rng)
        with run.autocast():
            features, log_scale, up = run.painter.trunk(image, geometry, started, time, every)
            predicted = run.painter.generated(features[count:])
            some, places = grid.of_features(features[:count]), grid.of_features(run.painter.places)
            known = grid.of_features(palettes.what_is_told(geometry[:count], truth.log_scale))
            hidden = [None] * len(palettes.TASKS)
            for t in sorted(set(task.tolist())):
                mine = task == t
                asked = thing[mine] if t == palettes.INSTANCES else None
                hidden[t] = run.painter.task_features(some[mine], t, asked, places, known[mine], up[:count][mine])
        loss = 0.2 * flow_loss(predicted, clean[count:], time[count:])
        values = {"flow": float(loss)}
        for t in range(len(palettes.TASKS)):
            chosen = task == t
            if hidden[t] is None:
                continue
            part = subset(truth, chosen)
            share = float(chosen.float().mean())
            if t == palettes.DEPTH:
                one, told = losses.depth_loss(run.painter, hidden[t], log_scale.float()[:count][chosen], part, grid, depth_palette[chosen], part.clean)
            elif t == palettes.LABELS:
                one, told = losses.label_loss(run.painter, hidden[t], part, grid, label_palette[chosen], weights, part.clean)
            elif t == palettes.NORMALS:
                one, told = losses.normal_loss(run.painter, hidden[t], part, grid, part.clean)
            else:
                one, told = losses.instance_loss(run.painter, hidden[t], part, thing[chosen], grid, part.clean)
            loss = loss + one * share * len(palettes.TASKS)
            values.update(told)
        going = run.update(loss, count + free, values)
    run.save()
    loader.close()
    pictures.close()


if __name__ == "__main__":
    main()
