"""Another implementation reads our logs and receipts, and rejects every mutated one.

CANDOUR_VERIFY_LOG and CANDOUR_WRITE_LOG name the two programs (tests/interop/run builds them);
CANDOUR_INTEROP_SEED replays a run.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Iterator

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "cli"))
from shop import ShopTest  # noqa: E402

DATA = TESTS / "data"
COUNT = "SELECT product, count(*) FROM shop.orders GROUP BY product"
TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
SMALL_FILE = 512  # bytes; every one of them is changed
SAMPLED = 100  # of the bytes of a larger file

SEED = int(os.environ.get("CANDOUR_INTEROP_SEED") or random.SystemRandom().randrange(2**32))


def refusal(*arguments: str | Path) -> str | None:
    """Why the verifier refuses; None if it accepts."""
    done = subprocess.run([os.environ["CANDOUR_VERIFY_LOG"], *map(str, arguments)],
                          capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1) != ("refused:" in done.stderr):
        raise AssertionError(f"the verifier itself failed: {done.stderr}")
    return done.stderr.strip() if done.returncode == 1 else None


def written_log(folder: Path, *sizes: int) -> list[str | Path]:
    """Has a log written that grew through these sizes; how to check it."""
    subprocess.run([os.environ["CANDOUR_WRITE_LOG"], folder, *map(str, sizes)], check=True)
    return ["-vkey", (folder / "vkey").read_text().strip(), "-log", folder / "log",
            *(folder / f"checkpoint.{size}" for size in sizes)]


def mutations(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file with one byte changed, each in turn if it is small, and with other lengths."""
    places = range(len(data))
    if len(data) > SMALL_FILE:
        places = [0, len(data) - 1, *chance.sample(places, SAMPLED)]
    for at in places:
        changed = bytearray(data)
        changed[at] ^= chance.randrange(1, 256)
        yield f"byte {at} is {changed[at]}", bytes(changed)
    yield "a byte less", data[:-1]
    yield "a byte more", data + data[-1:]
    yield "nothing", b""


class InteropTest(unittest.TestCase):
    def setUp(self):
        self.chance = random.Random(SEED)
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def assert_mutations_refused(self, files: list[Path], check: list[str | Path],
                                 most: int | None = None):
        """Every mutation of every file is refused; `most` of each file's, drawn by chance."""
        self.assertIsNone(refusal(*check))
        for file in files:
            data = file.read_bytes()
            tried = list(mutations(data, self.chance))
            for what, changed in tried if most is None else self.chance.sample(tried, most):
                file.write_bytes(changed)
                self.assertIsNotNone(refusal(*check), f"{file}: {what}; seed {SEED}")
            file.unlink()
            self.assertIsNotNone(refusal(*check), f"{file} is missing")
            file.write_bytes(data)
        self.assertIsNone(refusal(*check))

    def test_the_verifier_reads_a_log_that_neither_of_us_wrote(self):
        log = DATA / "tessera_log"
        checkpoints = sorted(log.glob("checkpoint.*"))
        self.assertEqual(len(checkpoints), 16)
        self.assertIsNone(refusal("-vkey", TESSERA_KEY, "-log", log, *checkpoints))

    def test_every_file_of_a_small_log_counts(self):
        check = written_log(self.folder, 1, 255, 256, 257)
        files = [*(self.folder / "log").rglob("*"), *self.folder.glob("checkpoint.*")]
        self.assert_mutations_refused([f for f in files if f.is_file()], check)

    def test_every_file_of_a_large_log_counts(self):
        check = written_log(self.folder, 65_536, 70_000)
        files = sorted(f for f in (self.folder / "log/tile").rglob("*") if f.is_file())
        self.assertGreater(len(files), 2 * 70_000 / 256)
        self.assert_mutations_refused(files, check, most=1)

    def test_a_log_without_its_entries_is_read_if_asked_for(self):
        check = written_log(self.folder, 256, 300)
        shutil.rmtree(self.folder / "log/tile/entries")
        self.assertIsNotNone(refusal(*check))
        self.assertIsNone(refusal("-hashes-only", *check))

    def test_a_log_that_goes_back_is_refused(self):
        check = written_log(self.folder, 255, 300)
        self.assertIsNone(refusal(*check))
        # The log went back behind a checkpoint that it had signed.
        (self.folder / "log/checkpoint").write_bytes((self.folder / "checkpoint.255").read_bytes())
        self.assertIn("continue", refusal(*check))

    def test_every_byte_of_a_receipt_counts(self):
        key = written_log(self.folder, 1, 300)[:2]
        for receipt in sorted(self.folder.glob("*.tlog-proof")):
            check = [*key, "-receipt", receipt]
            self.assert_mutations_refused([receipt], check)

    def test_receipts_are_judged_as_the_shared_cases_say(self):
        # But for what an entry says, which only Candour's own verifiers read.
        judged = 0
        for file in sorted((DATA / "receipts").glob("*.json")):
            case = json.loads(file.read_text())
            if "receipt" not in case:
                continue  # a person's copy
            receipt = self.folder / "receipt"
            receipt.write_bytes(case["receipt"].encode().ljust(case.get("paddedTo", 0)))
            witnesses = [a for key in dict.fromkeys(case.get("witnesses", ()))
                         for a in ("-witness", key)]
            with self.subTest(case=file.name):
                refused = refusal("-vkey", case["vkey"], "-origin", case["origin"], *witnesses,
                                  "-receipt", receipt)
                wanted = case.get("code", "entry.form") != "entry.form"
                self.assertEqual(refused is not None, wanted, refused)
            judged += 1
        self.assertGreater(judged, 25)


class HomeTest(ShopTest):
    """The logs of a home that the real program made."""

    def checked(self, log: str) -> list[str | Path]:
        """How to check one of the home's logs where it lies."""
        key = self.shop.must("ledger", "stats", "--json").data[log]["key"]
        return ["-vkey", key, "-log", self.shop.home / "state/ledger" / log / "public"]

    def test_the_public_folders_of_a_home_are_logs(self):
        self.shop.must("choose", self.shop.find("Q00012"), "no", "--purpose", "offers")
        self.assertEqual(self.shop.query(COUNT).status, 0)
        for log in ("accesses", "choices"):
            check = self.checked(log)
            self.assertIsNone(refusal("-hashes-only", *check))
            size = (check[-1] / "checkpoint").read_text().splitlines()[1]
            # Shorter tiles of earlier checkpoints lie beside them until the full one is there.
            for file in (check[-1] / "checkpoint", check[-1] / f"tile/0/000.p/{size}"):
                data = file.read_bytes()
                file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
                self.assertIsNotNone(refusal("-hashes-only", *check), file)
                file.write_bytes(data)

    def test_what_an_auditor_exports_is_checked_entry_by_entry(self):
        self.assertEqual(self.shop.query(COUNT).status, 0)
        for log in ("accesses", "choices"):
            out = self.shop.folder / log
            self.shop.must("ledger", "export", out, "--entries", "--log", log)
            key = self.checked(log)[:2]
            earlier = self.shop.folder / f"{log}.checkpoint"
            shutil.copy(out / "checkpoint", earlier)
            self.assertIsNone(refusal(*key, "-log", out, earlier))
        self.assertEqual(self.shop.query(COUNT).status, 0)
        out = self.shop.folder / "accesses"
        self.shop.must("ledger", "export", out, "--entries")
        key = self.checked("accesses")[:2]
        self.assertIsNone(refusal(*key, "-log", out, self.shop.folder / "accesses.checkpoint"))

    def test_receipts_of_a_home_are_receipts(self):
        self.assertEqual(self.shop.query(COUNT).status, 0)
        entries = self.shop.must("ledger", "stats", "--json").data["accesses"]["entries"]
        key = self.checked("accesses")[:2]
        receipt = self.shop.folder / "receipt"
        for index in range(entries):
            receipt.write_text(self.shop.must("ledger", "receipt", str(index)).out)
            self.assertIsNone(refusal(*key, "-receipt", receipt), index)
            receipt.write_text(receipt.read_text().replace(f"index {index}", f"index {index + 1}"))
            self.assertIsNotNone(refusal(*key, "-receipt", receipt), index)


if __name__ == "__main__":
    print(f"interop: seed {SEED}", flush=True)
    unittest.main(verbosity=2)
