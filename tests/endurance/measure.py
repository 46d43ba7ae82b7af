"""Memory, handles and threads of a process over time, and whether they grow."""
import os
import threading
import time
import urllib.request


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
