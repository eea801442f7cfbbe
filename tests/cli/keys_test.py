"""candour keys: what protects the root key, and what it protects."""
import os
import pty
import select
import subprocess

from shop import PROGRAM, ShopTest

BREAD = "SELECT product, count(*) FROM shop.orders GROUP BY product"


class KeysTest(ShopTest):
    def secret(self, name, text, mode=0o600):
        file = self.shop.folder / name
        file.write_text(text)
        file.chmod(mode)
        return str(file)

    def show(self):
        return self.shop.must("keys", "show", "--json").data

    def test_shows_public_keys_and_nothing_secret(self):
        shown = self.show()
        self.assertEqual(set(shown["public_keys"]), {"accesses", "choices", "statements"})
        self.assertFalse(shown["passphrase"])
        with open(shown["key_file"], "rb") as file:
            key = file.read()
        for out in (str(shown), self.shop.must("keys", "show").out):
            self.assertNotIn(key.hex(), out)

    def test_a_passphrase_guards_every_command_until_it_is_removed(self):
        before = self.show()
        old = self.secret("old", "six words nobody will guess\n")
        self.shop.must("keys", "passphrase", "--new-file", old)
        self.fails("key.locked", 1, "query", "--as", "analyst", "--use", "order-insight", BREAD,
                   start_new_session=True)
        wrong = self.secret("wrong", "another passphrase")
        self.shop.environment["CANDOUR_PASSPHRASE_FILE"] = wrong
        self.fails("key.passphrase", 1, "keys", "show")
        self.shop.environment["CANDOUR_PASSPHRASE_FILE"] = old
        self.assertEqual(self.show(), before | {"passphrase": True})
        self.assertEqual(self.shop.query(BREAD).status, 0)

        new = self.secret("new", "seven other words nobody will guess")
        self.shop.must("keys", "passphrase", "--new-file", new)
        self.fails("key.passphrase", 1, "keys", "show")
        self.shop.environment["CANDOUR_PASSPHRASE_FILE"] = new
        self.shop.must("keys", "passphrase", "--remove")
        del self.shop.environment["CANDOUR_PASSPHRASE_FILE"]
        self.assertEqual(self.show(), before)

    def test_a_passphrase_that_is_refused_changes_nothing(self):
        key_file = self.show()["key_file"]
        with open(key_file, "rb") as file:
            before = file.read()
        self.fails("argument.invalid", 2, "keys", "passphrase", "--new-file",
                   self.secret("short", "short"))
        self.fails("argument.invalid", 2, "keys", "passphrase", "--new-file",
                   self.secret("empty", ""))
        self.fails("home.permissions", 1, "keys", "passphrase", "--new-file",
                   self.secret("open", "long enough it is", 0o644))
        with open(key_file, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_a_person_types_it_at_a_terminal_unseen(self):
        self.type_at(["keys", "passphrase"], ["New passphrase: ", "The same again: "],
                     ["typed words", "typed words"])
        self.type_at(["keys", "show"], ["Passphrase of the root key: "], ["typed words"])
        self.type_at(["keys", "show"], ["Passphrase of the root key: "], ["wrong words"], 1)

    def type_at(self, arguments, questions, answers, status=0):
        process, terminal = pty.fork()
        if process == 0:
            program = os.path.abspath(PROGRAM)
            os.execve(program, [program, *arguments], self.shop.environment)
        seen = ""
        for question, answer in zip(questions, answers):
            while question not in seen:
                seen += self.read(terminal)
            seen = ""
            os.write(terminal, answer.encode() + b"\n")
        while True:
            try:
                seen += self.read(terminal)
            except OSError:
                break
        self.assertNotIn(answers[-1], seen)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), status, seen)

    def read(self, terminal):
        ready, _, _ = select.select([terminal], [], [], 60)
        self.assertTrue(ready, "the command neither asks nor ends")
        return os.read(terminal, 4096).decode()

    def test_new_keys_sign_and_earlier_receipts_keep_theirs(self):
        person = self.shop.find("Q00012")
        earlier, later = self.shop.folder / "earlier.json", self.shop.folder / "later.json"
        self.shop.must("choose", person, "no", "--purpose", "offers", "--receipt", earlier)
        old = self.shop.must("keys", "show", "--json").data["public_keys"]
        done = self.shop.must("keys", "rotate", "--reason", "scheduled", "--out",
                              self.shop.folder, "--json").data
        new = self.shop.must("keys", "show", "--json").data["public_keys"]
        self.assertEqual({log["log"]: log["key"] for log in done["logs"]},
                         {log: new[log] for log in ("accesses", "choices")})
        self.assertEqual(done["statements"], new["statements"])
        self.assertFalse(set(old.values()) & set(new.values()))
        # Whoever trusts the old key is shown the new one, and by nothing else.
        for log in done["logs"]:
            told = self.shop.must("verify", log["receipt"], "--key", old[log["log"]],
                                  "--json").data["entry"]["body"]
            self.assertEqual((told["key"], told["generation"]), (log["key"], 2))
        self.shop.must("choose", person, "yes", "--purpose", "offers", "--receipt", later)
        self.shop.must("verify", earlier, "--key", old["choices"])
        self.shop.must("verify", later, "--key", new["choices"])
        self.shop.must("verify", later, "--key", old["choices"], "--key", new["choices"])
        self.fails("receipt.signature", 4, "verify", later, "--key", old["choices"])
        self.fails("receipt.signature", 4, "verify", earlier, "--key", new["choices"])
        self.shop.must("ledger", "verify")
        self.fails("usage", 2, "keys", "rotate")

    def test_without_a_terminal_nothing_waits_for_one(self):
        self.shop.must("keys", "passphrase", "--new-file",
                       self.secret("old", "six words nobody will guess"))
        done = self.shop.run("keys", "show", start_new_session=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.status, 1)
        self.assertIn("no terminal", done.err)
