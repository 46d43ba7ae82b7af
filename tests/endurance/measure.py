"""Memory, handles and threads of a process over time, and whether they grow."""
import os
import threading
import time
import urllib.request

# By how much each may grow: in all while caches and pools fill, which is what a run of minutes sees, and per hour after that.
BOUNDS = {"memory MB": (48, 20), "heap MB": (24, 20), "threads": (10, 4), "handles": (12, 6)}

# From so many hours of samples on, filling no longer counts, and the error must be small enough to tell the bound.
SETTLED_HOURS = 0.5


class Meter:
    def __init__(self, pid, metrics, running):
        self.pid, self.metrics, self.samples, self.start = pid, metrics, [], time.monotonic()
        threading.Thread(target=self._loop, args=(running,), daemon=True).start()

    def _loop(self, running):
        while running.is_set():
            try:
                with open(f"/proc/{self.pid}/status", encoding="utf-8") as file:
                    status = dict(line.split(":", 1) for line in file if ":" in line)
                self.samples.append({
                    "t": time.monotonic() - self.start, "memory MB": int(status["VmRSS"].split()[0]) / 1024,
                    "threads": int(status["Threads"]), "handles": len(os.listdir(f"/proc/{self.pid}/fd")), **self._heap()})
            except (OSError, KeyError):
                pass
            time.sleep(1)

    def _heap(self):
        try:
            with urllib.request.urlopen(self.metrics, timeout=2) as answer:
                for line in answer.read().decode().splitlines():
                    if line.startswith("process_managed_heap_bytes "):
                        return {"heap MB": float(line.split()[1]) / 1e6}
        except (OSError, ValueError):
            pass
        return {}

    def judge(self, key, settling, bound, short):
        """What is to be said of a figure, and whether it holds."""
        slope = self.slope(key)
        if slope is None:
            return "too few samples", short
        per, error, first, last, hours = slope
        text = f"{first:.1f} → {last:.1f}, {per:+.1f} ± {error:.1f} per hour"
        if hours >= SETTLED_HOURS:
            return f"{text}, bound {bound}/h", per - 2 * error <= bound and error <= bound
        return f"{text}, bound {settling} + {bound}/h", max(per - 2 * error, 0) * hours <= settling + bound * hours

    def slope(self, key):
        """Per hour, with its standard error, over what comes after the first third: (slope, error, first mean, last mean, hours)."""
        points = [(s["t"], s[key]) for s in self.samples if key in s and s["t"] > self.samples[-1]["t"] / 3]
        n = len(points)
        if n < 10:
            return None
        mean_t, mean = sum(t for t, _ in points) / n, sum(v for _, v in points) / n
        spread = sum((t - mean_t) ** 2 for t, _ in points)
        slope = sum((t - mean_t) * (v - mean) for t, v in points) / spread
        rest = [v - mean - slope * (t - mean_t) for t, v in points]

        # Neighbouring samples are alike: a tenth of them count as independent.
        error = (sum(r * r for r in rest) / max(n / 10 - 2, 1) / (spread / 10)) ** 0.5
        tenth = max(n // 10, 1)
        hours = (points[-1][0] - points[0][0]) / 3600
        return slope * 3600, error * 3600, sum(v for _, v in points[:tenth]) / tenth, sum(v for _, v in points[-tenth:]) / tenth, hours
