"""A home whose checkpoints witnesses must cosign before they are published, with real witnesses."""
import json
import os
import shutil
import subprocess

from shop import PROGRAM, ShopTest


class Witness:
    """`candour witness serve`, which can be stopped and started again."""

    def __init__(self, test, name: str):
        self.test = test
        self.folder = test.shop.folder / name
        self.key = test.shop.must("witness", "init", str(self.folder), "--name",
                                  f"{name}.example/1", "--json").data["key"]
        self.process = None
        self.port = 0

    def watch(self, key: str):
        self.test.shop.must("witness", "add-log", "--dir", str(self.folder), "--key", key)

    def start(self):
        self.process = subprocess.Popen(
            [os.path.abspath(PROGRAM), "witness", "serve", "--dir", self.folder, "--port",
             str(self.port), "--json"], stdout=subprocess.PIPE, text=True)
        self.test.addCleanup(self.stop)
        address = json.loads(self.process.stdout.readline())["data"]["address"]
        self.port = int(address.rsplit(":", 1)[1])
        return self

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.process = None


class WitnessedTest(ShopTest):
    def setUp(self):
        super().setUp()
        self.witnesses = [Witness(self, name) for name in ("first", "second")]
        for log in ("accesses", "choices"):
            key = self.shop.must("ledger", "stats", "--json").data[log]["key"]
            for witness in self.witnesses:
                witness.watch(key)
        for witness in self.witnesses:
            witness.start()

    def ask_for(self, how_many: int):
        lines = [f"witness {name} {witness.key} http://127.0.0.1:{witness.port}\n"
                 for name, witness in zip(("first", "second"), self.witnesses)]
        self.shop.write("witnesses.policy",
                        "".join(lines) + f"group both {how_many} first second\nquorum both\n")

    def published(self) -> str:
        folder = self.shop.home / "state" / "ledger" / "accesses" / "public"
        return (folder / "checkpoint").read_text()

    def size(self) -> int:
        return int(self.published().split("\n")[1])

    def test_what_is_published_has_their_cosignatures_and_so_have_receipts(self):
        self.ask_for(2)
        self.shop.find("Q00012")
        signers = [line.split()[1] for line in self.published().split("\n\n")[1].splitlines()]
        self.assertEqual(sorted(signers),
                         ["example.org/shop/accesses", "first.example/1", "second.example/1"])
        entry = self.shop.entries()[-1]["index"]
        self.shop.must("ledger", "publish")
        receipt = self.shop.folder / "entry.tlog-proof"
        receipt.write_text(self.shop.must("ledger", "receipt", str(entry)).out)
        key = self.shop.must("ledger", "stats", "--json").data["accesses"]["key"]
        for witness in self.witnesses:
            self.shop.must("verify", str(receipt), "--key", key, "--witness", witness.key)
        self.shop.must("ledger", "verify")

    def test_one_that_is_down_holds_up_only_a_quorum_that_needs_it(self):
        self.ask_for(1)
        self.witnesses[1].stop()
        self.shop.find("Q00012")
        before = self.size()
        self.ask_for(2)
        person = self.shop.find("Q00013")
        self.assertTrue(person)
        self.assertEqual(self.size(), before)
        answer = self.fails("witness.quorum", 1, "ledger", "publish")
        self.assertIn("second (unavailable)", answer.error["found"])
        self.assertNotIn("first", answer.error["found"])
        stats = self.shop.must("ledger", "stats", "--json").data["accesses"]
        self.assertGreater(stats["entries"], stats["published"])
        self.assertEqual(stats["witnesses"]["problem"]["code"], "witness.quorum")
        self.assertIn("TOO FEW", self.shop.must("ledger", "stats").out)
        self.shop.must("ledger", "verify")
        self.witnesses[1].start()
        self.shop.must("ledger", "publish")
        self.assertGreater(self.size(), before)

    def test_one_that_saw_another_history_is_loud(self):
        self.ask_for(1)
        before = self.shop.folder / "before"
        shutil.copytree(self.shop.home, before / "home")
        shutil.copytree(self.shop.folder, before / "store", ignore=lambda folder, names: [
            name for name in names if not name.startswith("shop.checkpoints")])
        self.shop.find("Q00012")
        self.witnesses[0].stop()
        # Home and checkpoint store are put back to before, so that only a witness can tell.
        shutil.rmtree(self.shop.home)
        (before / "home").rename(self.shop.home)
        for file in self.shop.folder.glob("shop.checkpoints*"):
            file.unlink()
        for file in (before / "store").iterdir():
            file.rename(self.shop.folder / file.name)
        self.witnesses[0].start()
        self.shop.query("SELECT product, count(*) FROM shop.orders GROUP BY product")
        answer = self.fails("witness.history", 1, "ledger", "publish")
        self.assertIn(answer.error["found"], ("first", "second"))
        self.assertIn("ANOTHER HISTORY", self.shop.must("ledger", "stats").out)

    def test_a_file_that_is_not_right_is_refused_with_its_line(self):
        self.shop.write("witnesses.policy", "witness first nonsense\nquorum first\n")
        answer = self.fails("key.form", 4, "ledger", "stats")
        self.assertEqual(answer.error["where"]["line"], 1)
        self.assertIn("witnesses.policy", answer.error["where"]["file"])
