"""candour backup and restore: what is put back, what is refused, and one history only."""
import json
import shutil
import subprocess
import time

from shop import PROGRAM, ShopTest

ACCEPT = ("--accept-loss", "--reason", "the disk broke", "--as", "governance")
LOST = ("--checkpoint-store-lost", "--reason", "the other disk broke", "--as", "governance")
COUNT = "SELECT count(*) FROM shop.orders"


class BackupTest(ShopTest):
    def setUp(self):
        super().setUp()
        self.backup = self.shop.folder / "backup"
        self.checkpoints = self.shop.folder / "shop.checkpoints"

    def back_up(self):
        return self.shop.must("backup", str(self.backup), "--json").data

    def restore(self, *more):
        return self.shop.must("restore", str(self.backup), str(self.shop.home), *more,
                              "--json").data

    def refused(self, code, status, *more):
        """The restore fails, and nothing of a home is there afterwards."""
        error = self.fails(code, status, "restore", str(self.backup), str(self.shop.home),
                           *more).error
        self.assertFalse(self.shop.home.exists())
        return error

    def lose_home(self):
        shutil.rmtree(self.shop.home)

    def ask(self):
        answer = self.shop.query(COUNT, "--json")
        self.assertEqual(answer.status, 0, answer.err)
        return answer.data["access"]

    def entries(self):
        return self.shop.must("ledger", "stats", "--json").data["accesses"]["entries"]

    def receipt(self, number):
        data = self.shop.must("ledger", "receipt", str(number), "--json").data
        return data["receipt"], data["key"]

    def assert_holds(self, receipt):
        text, key = receipt
        file = self.shop.folder / "receipt"
        file.write_text(text)
        self.shop.must("verify", str(file), "--key", key)

    def assert_in_order(self):
        """The home is verified, answers, records and shows it to the person."""
        self.shop.must("ledger", "verify")
        access = self.ask()
        entries = self.shop.must("ledger", "tail", "--json", "--limit", "9").data
        self.assertIn(access, [entry["index"] for entry in entries])
        person = self.shop.find("Q0001")
        accesses = self.shop.must("person", person, "accesses", "--as", "dpo", "--purpose",
                                  "service", "--json").out
        self.assertIn("order-insight", accesses)
        self.shop.must("plan")

    def test_a_backup_put_back_is_the_same_home(self):
        first = self.ask()
        report = self.back_up()
        before = self.shop.must("ledger", "stats", "--json").data
        self.lose_home()
        answer = self.restore()
        self.assertEqual(answer["continued"], [])
        self.assertEqual(answer["logs"], report["logs"])
        after = self.shop.must("ledger", "stats", "--json").data
        self.assertEqual(before["accesses"]["checkpoint"], after["accesses"]["checkpoint"])
        self.assert_holds(self.receipt(first))
        self.assert_in_order()

    def test_a_backup_is_for_its_owner_and_holds_no_key(self):
        inside = self.shop.home / "state" / "forgotten.key"
        shutil.copy(self.shop.key, inside)
        (self.shop.home / "state" / "notes").write_text("kept")
        self.back_up()
        self.assertEqual(self.backup.stat().st_mode & 0o777, 0o700)
        key = self.shop.key.read_bytes()
        manifest = json.loads((self.backup / "manifest.json").read_text())["backup"]
        paths = [file["path"] for file in manifest["files"]]
        self.assertIn("state/notes", paths)
        self.assertIn("uses/order-help.yaml", paths)
        for absent in ("state/forgotten.key", "state/key_file", "state/lock"):
            self.assertNotIn(absent, paths)
        for file in (self.backup / "files").iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            data = file.read_bytes()
            self.assertNotIn(key, data)
            self.assertNotIn(b"CREATE TABLE checkpoint", data)

    def test_the_second_backup_copies_what_changed(self):
        first = self.back_up()
        rows = {file: file.stat().st_mtime_ns for file in (self.backup / "files").iterdir()}
        self.ask()
        second = self.back_up()
        self.assertLess(second["copied_bytes"], first["copied_bytes"])
        kept = [file for file in (self.backup / "files").iterdir()
                if rows.get(file) == file.stat().st_mtime_ns]
        self.assertGreater(len(kept), len(rows) // 2)
        self.assertEqual(len(list((self.backup / "files").iterdir())),
                         len({f["sha256"] for f in json.loads(
                             (self.backup / "manifest.json").read_text())["backup"]["files"]}))
        self.lose_home()
        self.restore()
        self.assert_in_order()

    def test_a_damaged_file_of_a_backup_is_copied_again(self):
        self.back_up()
        largest = max((self.backup / "files").iterdir(), key=lambda file: file.stat().st_size)
        whole = largest.read_bytes()
        largest.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        self.back_up()
        self.assertEqual(largest.read_bytes(), whole)

    def test_a_backup_that_was_cut_off_is_none_or_the_one_before(self):
        command = [PROGRAM, "backup", str(self.backup)]
        for delay_ms in (20, 60, 100):
            with subprocess.Popen(command, env=self.shop.environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as running:
                time.sleep(delay_ms / 1000)
                running.kill()
        if not (self.backup / "manifest.json").exists():
            home, self.shop.home = self.shop.home, self.shop.folder / "elsewhere"
            self.refused("not_found", 1)
            self.shop.home = home
        self.back_up()
        shutil.copytree(self.shop.home, self.shop.folder / "kept")
        (self.backup / "files" / "copy.new").write_text("half")
        self.lose_home()
        self.restore()
        self.assert_in_order()

    def test_an_older_backup_is_refused_until_the_loss_is_accepted(self):
        kept = self.receipt(self.ask())
        self.back_up()
        lost = self.receipt(self.ask())
        person = self.shop.find("Q0002")
        self.shop.must("choose", person, "no", "--purpose", "any")
        newest = self.shop.folder / "newest"
        shutil.copytree(self.shop.home, newest)
        self.lose_home()
        error = self.refused("ledger.behind", 1)
        self.assertRegex(error["message"], r"\d+ entries of accesses and 1 of choices")
        self.assertIn("a backup of 20", error["found"])
        self.refused("usage", 2, "--accept-loss", "--as", "governance")
        self.refused("usage", 2, "--accept-loss", "--reason", "why not")
        self.refused("denied.unknown_principal", 3, "--accept-loss", "--reason", "why not", "--as",
                     "nobody")
        self.refused("denied.role", 3, "--accept-loss", "--reason", "why not", "--as", "analyst")
        self.refused("usage", 2, *LOST)

        continued = self.restore(*ACCEPT)["continued"]
        self.assertEqual({log["log"]: log["lost"] for log in continued}["choices"], 1)
        tail = self.shop.must("ledger", "tail", "--json").data
        restored = tail[-1]["entry"]
        self.assertEqual(restored["type"], "restored")
        self.assertEqual(restored["body"]["lost"], continued[0]["lost"])
        self.assertNotIn("disk broke", json.dumps(tail))
        copy = self.shop.must("ledger", "receipt", str(tail[-1]["index"]), "--open", "--json")
        self.assertIn("the disk broke", copy.out)
        self.assert_in_order()
        new = self.receipt(self.ask())
        self.assertNotEqual(new[1], kept[1])
        for receipt in (kept, lost, new):
            self.assert_holds(receipt)

        # The old log is closed for good: not even its newest copy is taken.
        shutil.rmtree(self.shop.home / "state")
        shutil.copytree(newest / "state", self.shop.home / "state")
        self.assertIn(self.shop.run("ledger", "stats", "--json").error["code"],
                      ("ledger.behind", "ledger.forked"))

    def test_a_backup_after_a_restore_is_whole(self):
        self.back_up()
        self.ask()
        self.lose_home()
        self.restore(*ACCEPT)
        self.ask()
        self.back_up()
        self.lose_home()
        self.assertEqual(self.restore()["continued"], [])
        self.assert_in_order()

    def test_state_put_back_by_hand_is_refused_and_goes_on_only_lawfully(self):
        old = self.shop.folder / "old"
        kept = self.entries()
        shutil.copytree(self.shop.home / "state", old)
        self.ask()
        signed = self.entries()
        shutil.rmtree(self.shop.home / "state")
        shutil.copytree(old, self.shop.home / "state")
        for command in (("ledger", "stats"), ("backup", str(self.backup)), ("restore",)):
            self.fails("ledger.behind", 1, *command)
        answer = self.shop.must("restore", *ACCEPT, "--json").data
        self.assertEqual((answer["continued"][0]["kept"], answer["continued"][0]["lost"]),
                         (kept, signed - kept))
        self.assert_in_order()
        self.assertEqual(self.shop.must("restore", "--json").data["continued"], [])

    def test_a_lost_checkpoint_store(self):
        kept = self.receipt(self.ask())
        self.back_up()
        self.checkpoints.unlink()
        self.fails("ledger.unsigned", 1, "ledger", "stats")
        self.fails("ledger.unsigned", 1, "restore", *ACCEPT)
        continued = self.shop.must("restore", *LOST, "--json").data["continued"]
        self.assertEqual([log["lost"] for log in continued], [None, None])
        self.assert_in_order()
        # Nor is the backup from before taken without a word, with a store or without one.
        self.lose_home()
        self.refused("ledger.behind", 1)
        self.checkpoints.unlink()
        self.refused("ledger.unsigned", 1)
        again = self.restore(*LOST)["continued"]
        self.assertNotEqual(again[0]["origin"], continued[0]["origin"])
        self.assert_in_order()
        self.assert_holds(kept)

    def test_damage_is_refused_before_anything_is_written(self):
        self.back_up()
        self.lose_home()
        manifest = self.backup / "manifest.json"
        objects = sorted((self.backup / "files").iterdir(), key=lambda file: file.stat().st_size)
        for file in [manifest] * 8 + objects[1::max(1, len(objects) // 12)]:
            whole = file.read_bytes()
            at = hash(file.name + str(len(whole))) % len(whole)
            with self.subTest(file=file.name, byte=at):
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:])
                error = self.refused("corruption", 1)
                named = "manifest.json" if file == manifest else file.name
                self.assertIn(named, error["message"] + error.get("found", ""))
            file.write_bytes(whole)
        objects[-1].unlink()
        self.refused("corruption", 1)

    def test_where_a_backup_and_a_home_may_not_go(self):
        self.fails("argument.invalid", 2, "backup", str(self.shop.home / "state" / "backup"))
        other = self.shop.folder / "photographs"
        other.mkdir()
        (other / "cat.png").write_text("a cat")
        self.fails("conflict", 1, "backup", str(other))
        self.assertEqual([file.name for file in other.iterdir() if file.is_file()], ["cat.png"])
        self.back_up()
        self.fails("conflict", 1, "restore", str(self.backup), str(other))
        self.fails("not_found", 1, "restore", str(other), str(self.shop.folder / "new"))
        self.fails("usage", 2, "restore", str(self.backup))

    def test_without_its_key_a_backup_is_nothing(self):
        self.back_up()
        self.lose_home()
        wrong = self.shop.folder / "wrong.key"
        wrong.write_bytes(bytes(32))
        wrong.chmod(0o600)
        right = self.shop.environment["CANDOUR_KEY_FILE"]
        self.shop.environment["CANDOUR_KEY_FILE"] = str(wrong)
        self.refused("corruption", 1)
        self.shop.environment["CANDOUR_KEY_FILE"] = ""
        self.refused("not_found", 1)
        self.shop.environment["CANDOUR_KEY_FILE"] = right
        self.restore()
