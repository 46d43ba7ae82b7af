# SPDX-License-Identifier: Apache-2.0
"""Stage b: the painter's network learns to generate pictures (flow matching in pixel space, no labels)."""
import torch

import data
import loop
import network


def noisy(clean, time):
    """Flow matching's straight path from the clean picture (time 0) to noise (time 1)."""
    t = time[:, None, None, None]
    return (1 - t) * clean + t * torch.randn_like(clean)


def random_times(count):
    return torch.sigmoid(torch.randn(count) * 1.2)


def flow_loss(predicted, clean, time):
    """Velocity error, written for a network that predicts the clean picture."""
    weight = 1.0 / time.clamp_min(0.25) ** 2
    return ((predicted - clean) ** 2).mean((1, 2, 3)).mul(weight).mean()


def main():
    options = loop.parse(loop.arguments("pretrain", 10))
    run = loop.Run(options, loop.new_painter(options))
    loader = data.Loader("pictures", {"shards": options.shards, "photographs": options.photographs, "batch": options.batch, "real": 0.35}, options.seed)
    painter, going = run.painter, True
    task = torch.full((options.batch,), network.GENERATE)
    blank = run.lay(torch.zeros(options.batch, 3, data.HEIGHT, data.WIDTH))
    while going:
        rgb = loader.next()["rgb"]
        clean = run.lay(rgb.permute(0, 3, 1, 2).float() / 127.5 - 1)
        time = random_times(len(clean))
        with run.autocast():
            features, _, _ = painter.trunk(blank, None, noisy(clean, time), time, task)
            predicted = painter.generated(features)
        loss = flow_loss(predicted, clean, time)
        going = run.update(loss, len(clean), {"mse": float(((predicted.detach() - clean) ** 2).mean())})
    run.save()
    loader.close()


if __name__ == "__main__":
    main()
