"""candour verify: a receipt is checked by itself, without a home."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from shop import PROGRAM

CASES = Path(__file__).resolve().parents[1] / "data" / "receipts"


class VerifyTest(unittest.TestCase):
    def verify(self, name, *more, key=None):
        """Runs the case's receipt or copy; the exit status and the JSON answer."""
        case = json.loads((CASES / name).read_text())
        text = case.get("receipt") or case["copy"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CANDOUR_")}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "receipt"
            file.write_text(text if isinstance(text, str) else json.dumps(text))
            done = subprocess.run(
                [PROGRAM, "--json", "verify", str(file), "--key", key or case["vkey"], "--origin",
                 case["origin"], *more],
                capture_output=True, text=True, timeout=60, env=environment, check=False)
        return done.returncode, json.loads(done.stdout)

    def test_a_receipt_and_a_copy_hold(self):
        status, answer = self.verify("receipt.json")
        self.assertEqual(status, 0, answer)
        self.assertLess(answer["data"]["index"], answer["data"]["size"])
        status, answer = self.verify("copy.json")
        self.assertEqual(status, 0, answer)
        self.assertIn("statement", answer["data"]["openings"][0]["value"])

    def test_witnesses_must_have_signed(self):
        witness = json.loads((CASES / "witnessed.json").read_text())["witnesses"][0]
        status, answer = self.verify("witnessed.json", "--witness", witness)
        self.assertEqual((status, len(answer["data"]["witnesses"])), (0, 1), answer)
        status, answer = self.verify("receipt.json", "--witness", witness)
        self.assertEqual((status, answer["error"]["code"]), (4, "receipt.witnesses"))

    def test_what_does_not_hold_is_refused_with_its_code(self):
        for name, code in (("other-origin.json", "receipt.origin"),
                           ("other-key.json", "receipt.signature"),
                           ("index-moved.json", "proof.invalid"),
                           ("trailing-line.json", "receipt.form"),
                           ("entry-not-canonical.json", "entry.form"),
                           ("copy-key-twice.json", "copy.form"),
                           ("copy-short-blinding.json", "opening.form"),
                           ("copy-other-value.json", "opening.mismatch")):
            with self.subTest(case=name):
                status, answer = self.verify(name)
                self.assertEqual((status, answer["error"]["code"]), (4, code))
        status, answer = self.verify("receipt.json", key="no+key")
        self.assertEqual((status, answer["error"]["code"]), (4, "key.form"))

    def run_on(self, file, **options):
        key = json.loads((CASES / "receipt.json").read_text())["vkey"]
        done = subprocess.run([PROGRAM, "--json", "verify", file, "--key", key],
                              capture_output=True, text=True, timeout=60, check=False, **options)
        return json.loads(done.stdout)

    def test_a_file_that_cannot_be_read(self):
        self.assertEqual(self.run_on("/")["error"]["code"], "io")
        self.assertEqual(self.run_on("/dev/zero")["error"]["code"], "receipt.form")

    def test_standard_input_is_read(self):
        case = json.loads((CASES / "receipt.json").read_text())
        self.assertEqual(self.run_on("-", input=case["receipt"])["data"]["index"], 3)


if __name__ == "__main__":
    unittest.main()
