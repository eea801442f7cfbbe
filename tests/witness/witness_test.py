"""The witness as a program: made, told of logs, asked over HTTP, stopped, killed."""
import hashlib
import http.client
import json
import os
import signal
import stat
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from log import Log, WitnessKey, leaf_hash

PROGRAM = os.path.abspath(os.environ.get("CANDOUR_PROGRAM", "build/release/candour"))
PATIENCE_S = 60

LEAVES = [leaf_hash(str(number).encode()) for number in range(400)]
FORKED = LEAVES[:100] + [leaf_hash(b"another entry")] * 300


class Served:
    """`candour witness serve` on a free port."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [PROGRAM, "witness", "serve", "--dir", str(folder), "--port", "0", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # Whatever goes wrong, it ends, and so does the reading of its output.
        self.watchdog = threading.Timer(PATIENCE_S, self.process.kill)
        self.watchdog.start()
        ready = json.loads(self.process.stdout.readline())["data"]
        self.port = int(ready["address"].rsplit(":", 1)[1])
        self.key = WitnessKey(ready["key"])

    def ask(self, method: str, path: str, body: bytes | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read().decode()
        finally:
            connection.close()

    def add(self, body: bytes):
        return self.ask("POST", "/add-checkpoint", body)

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE_S)
        self.close()
        return status

    def close(self) -> None:
        self.watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        self.process.stderr.close()


class WitnessTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)
        self.folder = self.root / "witness"
        self.log = Log("example.org/log", self.root)

    def run_program(self, *arguments: str):
        return subprocess.run([PROGRAM, "witness", *map(str, arguments), "--json"], text=True,
                              capture_output=True, timeout=PATIENCE_S, check=False)

    def must(self, *arguments: str) -> dict:
        done = self.run_program(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["data"]

    def refused(self, status: int, code: str, *arguments: str) -> None:
        done = self.run_program(*arguments)
        self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]),
                         (status, code))

    def make(self) -> str:
        key = self.must("init", self.folder, "--name", "witness.example")["key"]
        self.must("add-log", "--dir", self.folder, "--origin", self.log.origin, "--key",
                  self.log.vkey)
        return key

    def serve(self) -> Served:
        served = Served(self.folder)
        self.addCleanup(served.close)
        return served

    def check_cosigned(self, served: Served, old: int, size: int) -> None:
        status, _, line = served.add(self.log.request(old, LEAVES[:size]))
        self.assertEqual(status, 200, line)
        cosigned_at = served.key.cosigned_at(self.log.text(LEAVES[:size]), line)
        self.assertLess(abs(cosigned_at - time.time()), 24 * 3600)

    def test_cosigns_what_continues_and_nothing_else(self):
        key = self.make()
        served = self.serve()
        self.assertEqual(served.key.name, "witness.example")
        self.assertTrue(key.startswith(f"{served.key.name}+{served.key.id}+"))
        old = 0
        for size in (1, 2, 3, 64, 65, 200, 255, 256, 257, 399):
            self.check_cosigned(served, old, size)
            old = size
        self.assertEqual(served.add(self.log.request(100, LEAVES[:100])),
                         (409, "text/x.tlog.size", "399\n"))
        self.assertEqual(served.add(self.log.request(399, FORKED[:399]))[0], 422)
        self.assertEqual(served.add(self.log.request(399, FORKED[:400]))[0], 422)
        self.assertEqual(served.add(b"old 399\n\n" + self.log.note(LEAVES).encode())[0], 422)
        self.assertEqual(served.add(b"nonsense")[0], 400)
        self.assertEqual(served.add(b"x" * 300_000)[0], 413)
        stranger = Log("stranger.example", self.root)
        self.assertEqual(served.add(stranger.request(0, LEAVES))[0], 404)
        stranger.origin = self.log.origin
        self.assertEqual(served.add(stranger.request(0, LEAVES))[0], 403)
        self.check_cosigned(served, 399, 400)
        self.assertEqual(served.end(signal.SIGTERM), 0)

    def test_remembers_over_a_stop_and_over_a_kill(self):
        self.make()
        size = 0
        for how, status in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL),
                            (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)):
            served = self.serve()
            self.check_cosigned(served, size, size + 7)
            size += 7
            self.assertEqual(served.end(how), status)
        served = self.serve()
        self.assertEqual(served.add(self.log.request(0, LEAVES[:1]))[2], f"{size}\n")
        self.assertEqual(served.end(signal.SIGINT), 0)

    def test_shows_the_latest_checkpoint(self):
        self.make()
        served = self.serve()
        path = f"/{hashlib.sha256(self.log.origin.encode()).hexdigest()}/checkpoint"
        self.assertEqual(served.ask("GET", path)[0], 404)
        line = served.add(self.log.request(0, LEAVES[:9]))[2]
        self.assertEqual(served.ask("GET", path)[2], self.log.note(LEAVES[:9]) + line)
        self.assertEqual(served.end(signal.SIGTERM), 0)

    def test_a_log_is_watched_as_soon_as_it_is_added(self):
        self.make()
        served = self.serve()
        other = Log("an origin with spaces", self.root, name="other.example")
        self.assertEqual(served.add(other.request(0, LEAVES[:9]))[0], 404)
        self.must("add-log", "--dir", self.folder, "--origin", other.origin, "--key", other.vkey)
        self.assertEqual(served.add(other.request(0, LEAVES[:9]))[0], 200)
        self.assertEqual(served.end(signal.SIGTERM), 0)

    def test_only_its_owner_reads_its_files(self):
        self.make()
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)
        for file in self.folder.iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file)
        (self.folder / "witness.key").chmod(0o644)
        self.refused(1, "home.permissions", "serve", "--dir", self.folder, "--port", "0")

    def test_refuses_with_codes(self):
        self.refused(1, "not_found", "serve", "--dir", self.folder)
        self.refused(1, "not_found", "add-log", "--dir", self.folder, "--key", self.log.vkey)
        self.refused(4, "key.form", "init", self.folder, "--name", "two words")
        key = self.make()
        self.refused(1, "conflict", "init", self.folder, "--name", "witness.example")
        self.refused(4, "key.form", "add-log", "--dir", self.folder, "--key", "nonsense")
        self.refused(2, "argument.invalid", "add-log", "--dir", self.folder, "--key", key)
        self.refused(2, "usage", "init", self.folder)
        self.refused(2, "usage", "serve", "--dir", self.folder, "--port", "65536")
        served = self.serve()
        self.refused(1, "io", "serve", "--dir", self.folder, "--port", served.port)
        self.assertEqual(served.end(signal.SIGTERM), 0)


if __name__ == "__main__":
    unittest.main()
