"""A vbedge that runs a pipeline: its report, what it said, and what it took."""
import json
import os
import signal
import subprocess
import time

import consumers
import measure


class Program:
    def __init__(self, name, vbedge, arguments, folder, view, environment=None):
        self.name, self.died, self.took, self.code, self.output = name, False, 0.0, None, ""
        self.errors_file = open(f"{folder}/errors-{name}.txt", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*vbedge, "run", *arguments, "--json"], stdout=subprocess.PIPE, stderr=self.errors_file, text=True,
            env={**os.environ, **(environment or {})},
            # A shell starts what it puts behind it deaf to this signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.view, self.meter = view, None

    @property
    def runs(self):
        return self.process.poll() is None

    def wait_until_open(self):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.runs:
            try:
                consumers.socket.create_connection(("127.0.0.1", self.view), timeout=1).close()
                return
            except OSError:
                time.sleep(0.5)

    def watch(self, running):
        self.meter = measure.Meter(self.process.pid, f"http://127.0.0.1:{self.view}/metrics", running)

    def stop(self):
        self.died = not self.runs
        begin = time.monotonic()
        if not self.died:
            self.process.send_signal(signal.SIGINT)
        try:
            self.output, _ = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.output, _ = self.process.communicate()
        self.took, self.code = time.monotonic() - begin, self.process.returncode
        self.errors_file.seek(0)
        self.errors = self.errors_file.read()
        self.errors_file.close()

    def judge(self, table, codes, minutes):
        """Checks what any program must keep to, and returns its report."""
        crashed = self.died or "Unhandled exception" in self.errors or "   at " in self.errors
        table.add(f"{self.name}: process", f"exit code {self.code}, stopped within {self.took:.1f} s",
                  not crashed and self.took < 10 and self.code in codes)
        lines = self.output.strip().splitlines()
        report = json.loads(lines[-1]) if lines else {}
        table.add(f"{self.name}: one JSON object", report.get("error") or "no error", len(lines) == 1 and report.get("exit_code") == self.code)
        for sink in report.get("sinks", []):
            dropped = sum(sink["dropped"].values())
            balanced = sink["captured"] == sink["published"] + dropped + sink["in_flight"] and sink["in_flight"] == 0
            table.add(f"{self.name}: books of {sink['name']}", f"captured {sink['captured']} = published {sink['published']} + dropped {dropped} "
                      f"({', '.join(f'{k} {v}' for k, v in sorted(sink['dropped'].items())) or 'none'})", balanced and sink["captured"] > 0)
        for key, (settling, bound) in measure.BOUNDS.items():
            found, holds = self.meter.judge(key, settling, bound, short=key == "heap MB" and minutes < 1)
            table.add(f"{self.name}: {key}", found, holds)
        return report
