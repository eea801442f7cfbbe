"""candour break-glass: helping people while the ledger is away, and what it says afterwards."""
import os
import resource
import shutil
import signal
import subprocess
import unittest

from shop import ShopTest

REASON = "A caller is in danger"
LOOK = ("person", "find", "shop.customer", "Q00012", "--as", "frontline", "--purpose", "service")
ORDERS = "SELECT product, amount FROM shop.orders"


def full_disk():
    """No file may grow beyond some pages, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


class BreakGlassTest(ShopTest):
    def lose_checkpoints(self):
        self.away = self.shop.folder / "away"
        self.away.mkdir()
        for file in self.shop.folder.glob("shop.checkpoints*"):
            file.rename(self.away / file.name)

    def bring_checkpoints_back(self):
        for file in self.shop.folder.glob("shop.checkpoints*"):
            file.unlink()
        for file in self.away.iterdir():
            file.rename(self.shop.folder / file.name)

    def open(self, who="frontline", **options):
        answer = self.shop.run("break-glass", "open", "--as", who, "--reason", REASON, "--json",
                               **options)
        self.assertEqual(answer.status, 0, answer.out + answer.err)
        return answer.data

    def cases(self):
        return self.shop.must("break-glass", "list", "--json").data

    def accesses_of(self, person):
        return self.shop.must("person", person, "accesses", "--as", "dpo", "--purpose", "service",
                              "--json").data

    def test_the_glass_stays_whole_while_the_ledger_can_be_written(self):
        answer = self.fails("break_glass.refused", 3, "break-glass", "open", "--as", "frontline",
                            "--reason", REASON)
        self.assertIn("can be written", answer.error["message"])
        self.fails("break_glass.refused", 3, *LOOK, "--break-glass")
        last = self.shop.entries()[-1]["entry"]
        self.assertEqual((last["type"], last["body"]["use"]), ("denied", "break-glass"))
        self.assertEqual(self.cases(), [])

    def test_people_are_helped_and_it_stands_in_the_ledger_once(self):
        person = self.shop.find("Q00012")
        before = len(self.shop.entries())
        self.lose_checkpoints()
        self.fails("ledger.unsigned", 1, *LOOK)
        self.fails("break_glass.refused", 3, *LOOK, "--break-glass")
        self.fails("denied.role", 3, "break-glass", "open", "--as", "marketer", "--reason", REASON)
        self.fails("denied.role", 3, "break-glass", "open", "--as", "dpo", "--reason", REASON)
        self.fails("usage", 2, "break-glass", "open", "--as", "frontline", "--reason", "  ")
        opened = self.open()
        self.assertEqual(opened["ledger"]["code"], "ledger.unsigned")
        self.fails("break_glass.refused", 3, "break-glass", "open", "--as", "frontline",
                   "--reason", REASON)
        found = self.shop.must(*LOOK, "--break-glass", "--json")
        self.assertEqual(found.data["person"], person)
        shown = self.shop.must("person", person, "show", "--as", "frontline", "--purpose",
                               "service", "--break-glass", "--json").data
        self.assertTrue(shown["held"])
        self.assertIsNone(shown["accesses"])
        self.fails("break_glass.refused", 3, "person", person, "accesses", "--as", "frontline",
                   "--purpose", "service", "--break-glass")
        waiting = self.cases()["not_taken_in"]
        self.assertEqual([(one["principal"], one["reason"]) for one in waiting],
                         [("frontline", REASON)])

        self.bring_checkpoints_back()
        entries = self.shop.entries()[before:]
        self.assertEqual([one["entry"]["type"] for one in entries],
                         ["break-glass", "started", "finished", "started", "finished"])
        for one in entries:
            text = str(one)
            self.assertNotIn(REASON, text)
            self.assertNotIn(person, text)
        self.assertEqual(entries[1]["entry"]["body"]["emergency"]["grant"], entries[0]["index"])
        self.assertLess(entries[1]["entry"]["body"]["emergency"]["at"],
                        entries[1]["entry"]["time"])
        seen = [one for one in self.accesses_of(person) if one.get("in_emergency")]
        self.assertEqual([one["time"] for one in seen],
                         [entries[3]["entry"]["body"]["emergency"]["at"],
                          entries[1]["entry"]["body"]["emergency"]["at"]])
        text = self.shop.must("person", person, "accesses", "--as", "dpo", "--purpose",
                              "service").out
        self.assertIn("This was an emergency", text)
        statement = self.shop.run("person", person, "statement", "--as", "dpo", "--purpose",
                                  "service", "--json")
        self.assertEqual(statement.status, 0, statement.out + statement.err)
        self.shop.must("ledger", "verify")
        kept = list((self.shop.folder / "shop.break-glass").iterdir())
        self.assertEqual([file.suffix for file in kept], [".taken-in"])

    def test_somebody_else_reviews_it(self):
        self.lose_checkpoints()
        self.open()
        self.shop.must(*LOOK, "--break-glass")
        self.bring_checkpoints_back()
        case, = self.cases()
        self.assertEqual((case["principal"], case["reason"], case["accesses"], case["overdue"]),
                         ("frontline", REASON, 1, False))
        self.assertEqual(self.shop.must("break-glass", "list", "--check").status, 0)
        stats = self.shop.must("ledger", "stats", "--json").data["emergencies"]
        self.assertEqual(stats, {"all": 1, "not_reviewed": 1, "overdue": 0})
        review = ("break-glass", "review", str(case["entry"]), "--finding", "Right and needed")
        self.fails("denied.role", 3, *review, "--as", "frontline")
        self.shop.must(*review, "--as", "dpo")
        self.fails("conflict", 1, *review, "--as", "governance")
        self.fails("not_found", 1, "break-glass", "review", "4711", "--finding", "x", "--as", "dpo")
        case, = self.cases()
        self.assertEqual(case["review"]["reviewer"], "dpo")
        self.assertEqual(case["review"]["finding"], "Right and needed")
        opened = self.shop.must("ledger", "receipt", str(case["entry"]), "--open").out
        self.assertIn(REASON, opened)
        self.shop.must("ledger", "verify")

    def test_the_door_denies_in_an_emergency_what_it_denies_ever(self):
        self.lose_checkpoints()
        self.open("service-desk")
        ask = ("query", "--use", "order-help", ORDERS, "--break-glass", "--as", "service-desk")
        rows = self.shop.must(*ask, "--json").data["rows"]
        self.assertTrue(rows)
        self.fails("denied.principal", 3, "query", "--use", "shop-offers", "--as", "service-desk",
                   "--break-glass", "SELECT email FROM shop.customers")
        self.fails("denied.role", 3, "query", "--use", "order-insight", "--as", "analyst",
                   "--break-glass", "SELECT count(*) FROM shop.orders")
        self.fails("break_glass.refused", 3, *LOOK, "--break-glass")
        for command in (("choose", "p-0", "no", "--purpose", "offers"), ("apply",),
                        ("adopt", "--all"), ("ledger", "stats")):
            self.assertEqual(self.shop.run(*command).status, 1, command)
        self.bring_checkpoints_back()
        case, = self.cases()
        self.assertEqual((case["accesses"], case["refused"]), (1, 2))

    def test_on_a_full_disk(self):
        person = self.shop.find("Q00012")
        before = len(self.shop.entries())
        full = {"preexec_fn": full_disk, "restore_signals": False}
        refused = self.shop.run(*LOOK, "--json", **full)
        self.assertEqual(refused.status, 1, refused.out)
        self.assertNotIn(person, refused.out + refused.err)
        self.open(**full)
        found = self.shop.run(*LOOK, "--break-glass", "--json", **full)
        self.assertEqual(found.status, 0, found.out + found.err)
        self.assertEqual(found.data["person"], person)
        types = [one["entry"]["type"] for one in self.shop.entries()[before:]]
        self.assertEqual(types[-3:], ["break-glass", "started", "finished"])
        self.assertEqual(types.count("break-glass"), 1)
        self.shop.must("ledger", "verify")

    @unittest.skipUnless(os.geteuid() == 0, "needs to mount a disk")
    def test_on_a_disk_that_is_full_or_became_read_only(self):
        person = self.shop.find("Q00012")
        disk = self.shop.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", disk], check=False,
                          capture_output=True).returncode != 0:
            self.skipTest("cannot mount a disk here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        shutil.copytree(self.shop.home, disk / "shop")
        shutil.rmtree(self.shop.home)
        self.shop.environment["CANDOUR_HOME"] = str(disk / "shop")

        filler = open(disk / "filler", "wb", buffering=0)
        with self.assertRaises(OSError):
            while True:
                filler.write(bytes(4096))
        self.assertEqual(self.shop.run(*LOOK).status, 1)
        self.open()
        self.assertEqual(self.shop.must(*LOOK, "--break-glass", "--json").data["person"], person)
        filler.close()
        (disk / "filler").unlink()
        self.assertEqual([case["accesses"] for case in self.cases()], [1])

        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        self.assertEqual(self.shop.run(*LOOK).status, 1)
        self.open()
        self.assertEqual(self.shop.must(*LOOK, "--break-glass", "--json").data["person"], person)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        self.assertEqual([case["accesses"] for case in self.cases()], [1, 1])
        self.shop.must("ledger", "verify")

    def test_with_the_ledgers_folder_out_of_reach(self):
        ledger = self.shop.home / "state" / "ledger"
        ledger.rename(self.shop.folder / "ledger-away")
        ledger.write_text("a disk that is gone")
        self.open()
        self.shop.must(*LOOK, "--break-glass")
        ledger.unlink()
        (self.shop.folder / "ledger-away").rename(ledger)
        case, = self.cases()
        self.assertEqual(case["accesses"], 1)

    def test_an_older_copy_of_a_home_is_no_emergency(self):
        older = self.shop.folder / "older"
        shutil.copytree(self.shop.home, older)
        self.shop.find("Q00012")
        shutil.rmtree(self.shop.home)
        older.rename(self.shop.home)
        self.fails("ledger.behind", 1, "break-glass", "open", "--as", "frontline", "--reason",
                   REASON)

    def test_a_damaged_file_waits_for_somebody_to_decide(self):
        self.lose_checkpoints()
        self.open()
        self.shop.must(*LOOK, "--break-glass")
        self.shop.must(*LOOK, "--break-glass")
        file = self.shop.folder / "shop.break-glass" / "00000000000000000000.journal"
        damaged = bytearray(file.read_bytes())
        damaged[len(damaged) * 3 // 4] ^= 1
        file.write_bytes(damaged)
        self.bring_checkpoints_back()
        answer = self.fails("ledger.corrupt", 1, "ledger", "stats")
        self.assertRegex(answer.error["message"], r"byte \d+")
        self.assertIn("set-aside", answer.error["next"])
        aside = ("break-glass", "set-aside", "--reason", "The disk is dying")
        self.fails("denied.role", 3, *aside, "--as", "frontline")
        self.shop.must(*aside, "--as", "governance")
        grant, damage = self.cases()
        self.assertEqual((grant["damaged"], damage["damaged"]), (False, True))
        self.assertEqual(damage["reason"], "The disk is dying")
        types = [one["entry"]["type"] for one in self.shop.entries()]
        self.assertLess(types.index("break-glass"), len(types) - 1)
        self.shop.must("ledger", "verify")
