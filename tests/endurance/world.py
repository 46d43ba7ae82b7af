"""What a pipeline meets: a camera that dies, a broker that dies, a disk that fills."""
import glob
import http.server
import os
import random
import shutil
import socket
import subprocess
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Camera:
    """Motion JPEG over HTTP at a rate, for as long as it lives."""

    def __init__(self, folder, video, hz):
        os.makedirs(folder)
        subprocess.run(["ffmpeg", "-v", "error", "-i", video, "-frames:v", "60", "-q:v", "4", f"{folder}/%03d.jpg"], check=True)
        self.pictures = [open(p, "rb").read() for p in sorted(glob.glob(f"{folder}/*.jpg"))]
        self.port, self.hz, self.deaths, self.server = free_port(), hz, 0, None

    def start(self):
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
                self.end_headers()
                try:
                    for picture in (p for _ in iter(int, 1) for p in camera.pictures):
                        if camera.server is None:
                            return
                        # Now and then half a picture, as radio links deliver it.
                        sent = picture[:len(picture) // 2] if random.random() < 0.01 else picture
                        self.wfile.write(b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(sent) + sent + b"\r\n")
                        time.sleep(1 / camera.hz)
                except OSError:
                    pass

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *arguments):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        server, self.server = self.server, None
        if server:
            server.shutdown()
            server.server_close()
            self.deaths += 1


class Broker:
    """Mosquitto, killed and started again."""

    def __init__(self, folder):
        self.port, self.deaths, self.process = free_port(), 0, None
        self.config = os.path.join(folder, "mosquitto.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 100\n")

    def start(self):
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.process = subprocess.Popen([program, "-c", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process, self.deaths = None, self.deaths + 1


class Disk:
    """Takes what is free, so that a recording must end, and gives it back."""

    def __init__(self, folder, mb):
        self.path, self.mb, self.filled = os.path.join(folder, "filler"), mb, False

    def fill(self):
        try:
            with open(self.path, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, self.mb << 20)
            self.filled = True
        except OSError:
            pass

    def empty(self):
        if os.path.exists(self.path):
            os.remove(self.path)


def keep_killing(thing, running, alive, dead):
    """Kills and starts again at random until it runs no more; the last word is a start."""
    def loop():
        while running.is_set():
            time.sleep(random.uniform(*alive))
            if running.is_set():
                thing.stop()
                time.sleep(random.uniform(*dead))
                thing.start()
    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread
