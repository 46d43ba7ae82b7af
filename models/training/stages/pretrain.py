# SPDX-License-Identifier: Apache-2.0
"""Stage `pretrain`: the painter's network learns to generate pictures (flow matching in pixel space, no labels)."""
import torch

from painter import batches, checkpoints, loop, palettes, picture
from painter.flow import flow_loss, noisy, random_times
from stages import imagenet


def main(given=None):
    parser = loop.arguments("pretrain", 10)
    parser.add_argument("--init", choices=("none", "imagenet"), default="none")
    parser.add_argument("--encoder", default="work/imagenet/encoder.pt", help="what stage `imagenet` wrote")
    parser.add_argument("--encoder-rate", type=float, default=1.0, help="learning rate of the encoder over everything else's")
    options = loop.parse(parser, given)
    painter = checkpoints.new_painter(options.painter, options.width)
    if options.init == "imagenet":
        imagenet.load(painter.encoder, options.encoder)
    run = loop.Run(options, painter, options.encoder_rate)
    loader = batches.Loader("pictures", {"shards": options.shards, "photographs": options.photographs, "batch": options.batch, "real": 0.35}, options.seed)
    going = True
    task = torch.full((options.batch,), palettes.GENERATE)
    blank = run.lay(torch.zeros(options.batch, 3, picture.HEIGHT, picture.WIDTH))
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
