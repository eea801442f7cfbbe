"""candour ledger: entries, receipts and exports that anybody can check; and copies that may not go
their own way."""
import hashlib
import json
import os
import shutil
import struct

from shop import ShopTest

BREAD = "SELECT product, count(*) FROM shop.orders GROUP BY product"


class LedgerTest(ShopTest):
    def stats(self, log):
        return self.shop.must("ledger", "stats", "--json").data[log]

    def test_a_person_checks_the_receipt_of_a_choice_without_the_home(self):
        person = self.shop.find("Q00012")
        file = self.shop.folder / "choice.json"
        self.shop.must("choose", person, "no", "--purpose", "offers", "--unit", "shop",
                       "--receipt", str(file))
        key = self.stats("choices")["key"]
        shutil.rmtree(self.shop.home)
        checked = self.shop.must("verify", str(file), "--key", key, "--json").data
        shown = checked["openings"][0]["value"]
        self.assertEqual((shown["person"], shown["purpose"], shown["evidence"]),
                         (person, "offers", "objection"))
        self.assertNotIn(person, json.dumps(checked["entry"]))
        # A copy that shows another choice is found out.
        copy = json.loads(file.read_text())
        copy["openings"][0]["value"]["evidence"] = "consent"
        file.write_text(json.dumps(copy))
        self.fails("opening.mismatch", 4, "verify", str(file), "--key", key)

    def test_every_entry_has_a_receipt_and_an_auditor_opens_it(self):
        self.assertEqual(self.shop.query(BREAD).status, 0)
        stats = self.stats("accesses")
        self.assertEqual(stats["published"], stats["entries"])
        for entry in range(0, stats["entries"], 2):
            file = self.shop.folder / "receipt"
            file.write_text(self.shop.must("ledger", "receipt", str(entry)).out)
            checked = self.shop.must("verify", str(file), "--key", stats["key"], "--json").data
            self.assertEqual((checked["index"], checked["openings"]), (entry, []))
        started = self.shop.entries()[-2]["index"]
        file.write_text(self.shop.must("ledger", "receipt", str(started), "--open").out)
        openings = self.shop.must("verify", str(file), "--key", stats["key"],
                                  "--json").data["openings"]
        self.assertEqual({opening["name"] for opening in openings},
                         {"actor", "statement", "counts"})
        self.assertIn(BREAD, [opening["value"].get("statement") for opening in openings])
        self.fails("not_found", 1, "ledger", "receipt", "100000")

    def test_tail_shows_entries_and_no_personal_data(self):
        person = self.shop.find("Q00012")
        self.assertEqual([one["entry"]["type"] for one in self.shop.entries()[-2:]],
                         ["started", "finished"])
        tail = self.shop.must("ledger", "tail", "--limit", "1000").out
        self.assertIn("set-tree", tail)
        self.assertNotIn(person, tail)
        self.assertNotIn("Q00012", tail)
        self.assertEqual(len(self.shop.must("ledger", "tail", "--log", "choices",
                                            "--json").data), 1)  # the flags of the mapping

    def test_an_export_is_a_static_log(self):
        out = self.shop.folder / "out"
        self.shop.must("ledger", "export", str(out), "--entries")
        origin, size, root = (out / "checkpoint").read_text().split("\n")[:3]
        self.assertTrue(origin.endswith("/accesses"))
        bundle = (out / "tile" / "entries" / f"000.p/{size}").read_bytes()
        leaves, at = [], 0
        while at < len(bundle):
            length = struct.unpack_from(">H", bundle, at)[0]
            leaves.append(hashlib.sha256(b"\0" + bundle[at + 2:at + 2 + length]).digest())
            at += 2 + length
        self.assertEqual((out / "tile" / "0" / f"000.p/{size}").read_bytes(), b"".join(leaves))
        self.assertEqual(len(leaves), int(size))
        self.shop.find("Q00012")
        self.shop.must("ledger", "export", str(out), "--entries")
        self.assertGreaterEqual(int((out / "checkpoint").read_text().split("\n")[1]),
                                int(size) + 2)
        self.fails("conflict", 1, "ledger", "export", str(out), "--log", "choices")
        public = self.shop.folder / "public"
        self.shop.must("ledger", "export", str(public))
        self.assertFalse((public / "tile" / "entries").exists())

    def test_an_older_home_put_back_is_refused(self):
        older = self.shop.folder / "older"
        shutil.copytree(self.shop.home, older)
        self.shop.find("Q00012")
        shutil.rmtree(self.shop.home)
        older.rename(self.shop.home)
        for command in (("ledger", "verify"), ("list",)):
            answer = self.fails("ledger.behind", 1, *command)
            self.assertIn("restore", answer.error["next"])

    def test_a_copy_of_a_home_may_not_go_its_own_way(self):
        copy = self.shop.folder / "copy-of-shop"
        shutil.copytree(self.shop.home, copy)
        here = self.shop.environment
        there = {**here, "CANDOUR_HOME": str(copy)}
        look = ("person", "find", "shop.customer", "Q00012", "--as", "frontline", "--purpose",
                "service")
        self.assertEqual(self.shop.run(*look, env=there).status, 0)
        answer = self.shop.run(*look, "--json", env=here)
        self.assertEqual((answer.status, answer.error["code"]), (1, "ledger.behind"))

    def test_a_lost_checkpoint_store_is_noticed(self):
        store = self.shop.key.with_suffix(".checkpoints")
        self.assertTrue(store.exists())
        for file in store.parent.glob(store.name + "*"):
            file.unlink()
        self.fails("ledger.unsigned", 1, "ledger", "verify")

    def test_the_origin_is_settled_by_the_first_entry(self):
        self.shop.edit("candour.yaml", "origin: example.org/shop", "origin: example.org/other")
        answer = self.fails("conflict", 1, "apply")
        self.assertEqual(answer.error["expected"], "example.org/shop")

    def test_a_home_of_the_first_format_is_brought_to_this_one(self):
        state = self.shop.home / "state"
        entries = self.stats("accesses")["entries"]
        ledger = state / "ledger"
        (ledger / "accesses" / "journal").rename(ledger / "journal")
        shutil.rmtree(ledger / "accesses")
        shutil.rmtree(ledger / "choices")
        (state / "home.json").unlink()
        for file in self.shop.folder.glob("shop.checkpoints*"):
            file.unlink()
        self.assertEqual(self.shop.must("ledger", "verify", "--json").data["logs"]["accesses"],
                         entries)
        self.assertEqual(json.loads((state / "home.json").read_text())["format"], 2)
        self.assertFalse(os.path.exists(ledger / "journal"))
        (state / "home.json").write_text('{"format": 3, "origin": "example.org/shop"}')
        self.fails("unsupported", 1, "ledger", "verify")
