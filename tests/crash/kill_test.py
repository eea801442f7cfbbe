"""The real program killed again and again, while clients keep the receipts that they were given.

What was acknowledged is there afterwards, whatever was going on: the receipt verifies with the
log's key alone, the log still has that entry, the person's last word holds, and no figure left
without its record.
"""
import json
import os
import random
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from shop import PROGRAM, ShopTest  # noqa: E402

ROUNDS = int(os.environ.get("CANDOUR_KILL_ROUNDS", "24"))
SEED = int(os.environ.get("CANDOUR_CRASH_SEED", "1"))
CLIENTS = 2
LONGEST_S = 0.35  # a choice takes a third of that
EVIDENCE = {"yes": "consent", "no": "objection"}
COUNT = "SELECT product, count(*) FROM shop.orders GROUP BY product"


class Client(threading.Thread):
    """One person who changes their mind all the time, and keeps what they are given."""

    def __init__(self, test, number, person, rounds):
        super().__init__()
        self.shop = test.shop
        self.person = person
        self.rounds = rounds
        self.random = random.Random(SEED * 1000 + number)
        self.folder = test.shop.folder / f"client-{number}"
        self.folder.mkdir()
        self.kept = []         # receipts of choices that were acknowledged
        self.may_hold = set()  # what the person may have said last
        self.figures = 0       # how often figures came out
        self.killed = 0
        self.failures = []

    def run(self):
        while self.killed < self.rounds and not self.failures:
            if self.random.random() < 0.3:
                self.ask()
            else:
                self.choose(self.random.choice(["yes", "no"]))

    def run_and_kill(self, *arguments):
        """What the program gave; it is killed at some moment unless it was faster."""
        with subprocess.Popen([os.path.abspath(PROGRAM), *arguments], env=self.shop.environment,
                              cwd=self.shop.folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            try:
                out, error = process.communicate(timeout=self.random.uniform(0, LONGEST_S))
            except subprocess.TimeoutExpired:
                process.kill()
                out, error = process.communicate()
                self.killed += 1
        if process.returncode > 0 and "owns this home" not in error:
            self.failures.append(error)
        return process.returncode, out

    def choose(self, answer):
        receipt = self.folder / f"{len(list(self.folder.iterdir()))}.json"
        status, _ = self.run_and_kill("choose", self.person, answer, "--purpose", "offers",
                                      "--unit", "shop", "--receipt", str(receipt))
        if status == 0:
            self.may_hold = {EVIDENCE[answer]}
        else:
            self.may_hold.add(EVIDENCE[answer])
        if receipt.exists():  # also when it was killed after it had given its word
            self.kept.append(receipt)

    def ask(self):
        _, out = self.run_and_kill("query", "--as", "analyst", "--use", "order-insight", COUNT)
        self.figures += "bread" in out


class KillTest(ShopTest):
    def check_receipt(self, file, key, person):
        copy = json.loads(file.read_text())
        checked = self.shop.must("verify", file, "--key", key, "--json").data
        shown = checked["openings"][0]["value"]
        self.assertEqual(shown["person"], person)
        self.assertIn(shown["evidence"], EVIDENCE.values())
        now = self.shop.must("ledger", "receipt", checked["index"], "--log", "choices").out
        entry = next(line for line in now.splitlines() if line.startswith("extra "))
        self.assertIn(entry, copy["receipt"], "another entry has its number now")
        return checked["index"]

    def check_last_word(self, client):
        shown = self.shop.must("person", client.person, "show", "--as", "frontline", "--purpose",
                               "service", "--json").data
        said = [choice for choice in shown["choices"] if choice["source"] == "person"]
        if not client.kept and not said:
            return
        self.assertIn(said[0]["evidence"], client.may_hold, said[:2])

    def released(self):
        """How many answers were recorded."""
        return sum(one["entry"]["body"].get("outcome") == "released"
                   for one in self.shop.entries())

    def test_nothing_that_was_acknowledged_is_lost(self):
        people = [self.shop.find(f"Q000{12 + number}") for number in range(CLIENTS)]
        key = self.shop.must("ledger", "stats", "--json").data["choices"]["key"]
        clients = [Client(self, number, person, ROUNDS // CLIENTS)
                   for number, person in enumerate(people)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
            self.assertEqual(client.failures, [])
        self.shop.must("ledger", "verify")
        indexes = []
        for client in clients:
            self.assertGreater(len(client.kept), 0)
            self.check_last_word(client)
            indexes += [self.check_receipt(file, key, client.person) for file in client.kept]
        self.assertEqual(len(set(indexes)), len(indexes), "two choices have one number")
        figures = sum(client.figures for client in clients)
        self.assertGreaterEqual(self.released(), figures)
        print(f"{sum(client.killed for client in clients)} killed, {len(indexes)} receipts kept, "
              f"{figures} answers", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
