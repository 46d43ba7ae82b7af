# SPDX-License-Identifier: Apache-2.0
"""What every training stage shares: budget, schedule, moving average, checkpoints, CSV log, progress with ETA."""
import argparse
import copy
import csv
import os
import time

import numpy as np
import torch

from painter import checkpoints, picture


def arguments(stage, minutes):
    parser = argparse.ArgumentParser(prog=f"python3 -m stages.{stage}")
    parser.add_argument("--painter", choices=tuple(checkpoints.SIZES), default="s", help="which network, when it starts from random weights")
    parser.add_argument("--out", default=f"work/{stage}", help="folder of checkpoints and log.csv")
    parser.add_argument("--shards", default="work/shards", help="folder of rendered shards")
    parser.add_argument("--photographs", nargs="*", default=[], help="folders of unlabelled photographs")
    parser.add_argument("--budget-minutes", type=float, default=minutes)
    parser.add_argument("--budget-samples", type=int, default=0, help="stop after so many pictures instead: the fair budget on a busy machine")
    parser.add_argument("--width", type=int, default=picture.WIDTH, help="width of the picture; another than the shards' is for experiments")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 autocast")
    parser.add_argument("--save-minutes", type=float, default=2.0)
    parser.add_argument("--peers", type=int, default=1, help="processes that train the same network and average their weights through --out")
    parser.add_argument("--peer", type=int, default=0, help="number of this process among them; 0 keeps the checkpoints")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare batches")
    parser.add_argument("--leave-minutes", type=float, default=0, help="save and end after so many minutes, the budget spent or not; the next start goes on")
    parser.add_argument("--meet-seconds", type=float, default=15.0)
    parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint in --out")
    return parser


def parse(parser, given=None):
    options = parser.parse_args(given)
    picture.set_width(options.width)
    return options


class Average:
    """Exponential moving average of weights and statistics."""

    EVERY = 4       # steps: going through all the weights takes a tenth of one

    def __init__(self, model, keep=0.998):
        self.model = copy.deepcopy(model).eval()
        self.keep, self.steps = keep, 0
        for p in self.model.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        self.steps += 1
        if self.steps % self.EVERY:
            return
        keep = min(self.keep, self.steps / (self.steps + 10.0)) ** self.EVERY
        mine, theirs = self.model.state_dict(), model.state_dict()
        floats = [k for k in mine if mine[k].dtype.is_floating_point]
        torch._foreach_mul_([mine[k] for k in floats], keep)
        torch._foreach_add_([mine[k] for k in floats], [theirs[k] for k in floats], alpha=1 - keep)


def groups(painter, encoder_rate):
    """Parameters that learn, for the optimiser: matrices decay, vectors do not; an encoder that has seen photographs learns more slowly."""
    out = []
    for inside in (False, True):
        for flat in (False, True):
            some = [p for n, p in painter.named_parameters() if p.requires_grad and n.startswith("encoder.") == inside and (p.ndim <= 1) == flat]
            if some:
                out.append({"params": some, "weight_decay": 0.0 if flat else 0.02, "factor": encoder_rate if inside else 1.0})
    return out


class Run:
    def __init__(self, options, painter, encoder_rate=1.0):
        options.seed += 1000 * options.peer
        torch.manual_seed(options.seed)
        np.random.seed(options.seed)
        torch.set_num_threads(options.threads)
        torch.set_flush_denormal(True)
        os.makedirs(options.out, exist_ok=True)
        self.options = options
        # Whichever order of memory this library multiplies faster.
        self.layout = torch.contiguous_format if options.fp32 and painter.config.encoder == "plain" else torch.channels_last
        self.device = torch.device(options.device)
        if options.device != "cpu":
            torch.set_default_device(self.device)
        self.painter = painter.to(self.device, memory_format=self.layout).train()
        self.optimizer = torch.optim.AdamW(groups(painter, encoder_rate), lr=options.rate, betas=(0.9, 0.99), eps=1e-7, foreach=True)
        self.average = Average(painter)
        self.step, self.samples, self.before = 0, 0, 0.0
        self.path = os.path.join(options.out, "checkpoint.pt")
        if os.path.exists(self.path) and not options.fresh:
            state = torch.load(self.path, map_location=self.device)
            self.painter.load_state_dict(state["model"])
            self.average.model.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.samples, self.before = state["step"], state["samples"], state["elapsed"]
            self.average.steps = self.step
            print(f"resumed at step {self.step}, {self.before / 60:.1f} min", flush=True)
        self.start = self.saved = self.told = time.time()
        self.told_samples = self.samples
        self.sums, self.count = {}, 0
        self.met, self.last_seen = time.time(), {}
        self.log_path = os.path.join(options.out, "log.csv" if options.peer == 0 else f"log-{options.peer}.csv")

    @property
    def elapsed(self):
        return self.before + time.time() - self.start

    @property
    def fraction(self):
        if self.options.budget_samples:
            return self.samples / self.options.budget_samples
        return self.elapsed / (self.options.budget_minutes * 60.0)

    def rate(self):
        """Warm-up, then constant, then linear decay over its last half."""
        warm = min(1.0, (self.step + 1) / 150.0)
        return self.options.rate * warm * max(0.01, min(1.0, (1.0 - self.fraction) / 0.5))

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=not self.options.fp32)

    def lay(self, tensor):
        """A batch of pictures in the order of memory that the network's weights have."""
        return tensor.to(self.device).contiguous(memory_format=self.layout)

    def update(self, loss, batch, values):
        """One optimiser step; returns False when the budget is spent."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate() * group["factor"]
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_([p for g in self.optimizer.param_groups for p in g["params"]], 2.0)
        if torch.isfinite(norm):
            self.optimizer.step()
            self.average.update(self.painter)
        else:
            values = dict(values, skipped=1.0)
        self.step += 1
        self.samples += batch
        self.count += 1
        for key, value in dict(values, loss=float(loss), gradient=float(norm)).items():
            if np.isfinite(value):
                self.sums[key] = self.sums.get(key, 0.0) + value
        now = time.time()
        if self.options.peers > 1 and now - self.met > self.options.meet_seconds:
            self.meet()
        if now - self.told > 20:
            self.tell(now)
        if now - self.saved > self.options.save_minutes * 60:
            self.save()
        left = self.options.leave_minutes and now - self.start > self.options.leave_minutes * 60
        return self.fraction < 1.0 and not left

    def tell(self, now):
        means = {k: v / self.count for k, v in sorted(self.sums.items())}
        speed = (self.samples - self.told_samples) / (now - self.told)
        left = (max(0.0, self.options.budget_samples - self.samples) / max(speed, 1e-3) / 60 if self.options.budget_samples
                else max(0.0, self.options.budget_minutes - self.elapsed / 60))
        row = {"minutes": round(self.elapsed / 60, 3), "step": self.step, "samples": self.samples, "speed": round(speed, 2),
               "rate": self.rate(), **{k: round(v, 5) for k, v in means.items()}}
        fresh = not os.path.exists(self.log_path)
        with open(self.log_path, "a", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(row.keys())
            writer.writerow(row.values())
        print(f"{time.strftime('%H:%M:%S')} step {self.step} {speed:.1f}/s ETA {left:.1f} min  "
              + "  ".join(f"{k} {v:.4f}" for k, v in means.items()), flush=True)
        self.sums, self.count, self.told, self.told_samples = {}, 0, now, self.samples

    @torch.no_grad()
    def meet(self):
        """Elastic averaging: leave my weights for the others, go half way to what they left since last time."""
        mine = {k: v for k, v in self.painter.state_dict().items() if v.dtype.is_floating_point}
        own = os.path.join(self.options.out, f"peer-{self.options.peer}.pt")
        torch.save(mine, own + ".part")
        os.replace(own + ".part", own)
        for other in range(self.options.peers):
            path = os.path.join(self.options.out, f"peer-{other}.pt")
            if other == self.options.peer or not os.path.exists(path):
                continue
            stamp = os.stat(path).st_mtime
            if stamp <= self.last_seen.get(other, self.start):
                continue
            self.last_seen[other] = stamp
            theirs = torch.load(path, map_location="cpu")
            for key, value in mine.items():
                value.lerp_(theirs[key], 1.0 / self.options.peers)
        self.met = time.time()

    def save(self, name=None):
        if self.options.peer != 0:
            return
        state = {"config": self.painter.config.as_dict(), "model": self.painter.state_dict(), "average": self.average.model.state_dict(),
                 "optimizer": self.optimizer.state_dict(), "step": self.step, "samples": self.samples, "elapsed": self.elapsed}
        path = self.path if name is None else os.path.join(self.options.out, name)
        torch.save(state, path + ".part")
        os.replace(path + ".part", path)
        self.saved = time.time()
