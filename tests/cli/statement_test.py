"""candour person ID statement and candour silent: what a person is told, what they are told later,
and who watches over that."""
import json
import re
import shutil

from shop import SERVICE_USE, ShopTest

HELP = {"principal": "service-desk", "use": "order-help"}
SECRET = {"principal": "service-desk", "use": "fraud-check"}
ROWS = "SELECT product, amount FROM shop.orders"
ASK = ("--as", "frontline", "--purpose", "service")
REVIEWER = """apiVersion: candour/v1
kind: Principal
id: reviewer
name: Independent reviewer
role: reviewer
organisation: Example Shop Ltd
"""
SILENCE = """silence:
  ground: crime
  for: P90D
  then: review
  why: Whoever took the money would hide it.
"""


class StatementTest(ShopTest):
    def setUp(self):
        super().setUp()
        use = SERVICE_USE.replace("order-help", "fraud-check")
        self.shop.write("uses/fraud-check.yaml", use + SILENCE)
        self.shop.write("principals/reviewer.yaml", REVIEWER)
        self.shop.must("apply")
        self.person = self.shop.find("Q00012")
        self.file = self.shop.folder / "mine.statement.json"

    def keys(self):
        published = self.shop.must("keys", "show", "--json").data["public_keys"]
        self.assertEqual(sorted(published), ["accesses", "choices", "statements"])
        return [word for key in published.values() for word in ("--key", key)]

    def statement(self, *more):
        return self.shop.must("person", self.person, "statement", *ASK, *more)

    def silent(self, *more, principal="reviewer"):
        return self.shop.run("silent", *more, "--as", principal, "--json")

    def test_a_person_checks_a_statement_without_the_home(self):
        self.shop.must("choose", self.person, "no", "--purpose", "offers", "--unit", "shop")
        self.assertEqual(self.shop.query(ROWS, **HELP).status, 0)
        page = self.statement("--out", self.file).out
        self.assertIn("Help with an order", page)
        self.assertIn("Your row was among those handed over.", page)
        self.assertIn("you said no", page)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        keys = self.keys()
        shutil.rmtree(self.shop.home)
        checked = self.shop.must("verify", self.file, *keys)
        self.assertIn("The statement holds", checked.out)
        self.assertIn(page, checked.out)
        data = self.shop.must("verify", self.file, *keys, "--json").data
        self.assertEqual((data["person"], data["origin"]), (self.person, "example.org/shop"))
        self.assertEqual([one["use"] for one in data["accesses"]], ["look-up", "order-help"])
        self.assertEqual(data["accesses"][1]["left"], "row")
        self.assertEqual(len(data["choices"]), 1)
        self.assertNotIn("SELECT", self.file.read_text())
        self.assertNotIn("Q00013", self.file.read_text())

    def test_what_does_not_hold_is_refused(self):
        self.shop.query(ROWS, **HELP)
        whole = self.statement("--format", "json").out
        keys = self.keys()
        self.file.write_text(whole)
        self.shop.must("verify", self.file, *keys)
        for name, text in (("cut", whole[:-200]), ("more", whole + "\n"),
                           ("other", whole.replace('"made":"2', '"made":"3', 1)),
                           ("pretty", json.dumps(json.loads(whole), indent=1))):
            with self.subTest(case=name):
                self.file.write_text(text)
                self.assertEqual(self.shop.run("verify", self.file, *keys).status, 4)
        self.file.write_text(whole)
        self.fails("key.form", 4, "verify", self.file, *keys[:4])
        self.fails("receipt.origin", 4, "verify", self.file, *keys, "--origin", "example.org/else")
        swapped = self.shop.folder / "another"
        swapped.mkdir()
        other = type(self.shop)(swapped).make()
        other.must("apply")
        theirs = other.must("keys", "show", "--json").data["public_keys"]
        foreign = [word for key in theirs.values() for word in ("--key", key)]
        self.fails("receipt.signature", 4, "verify", self.file, *foreign)

    def test_bad_input(self):
        ask = ("person", self.person, "statement", *ASK)
        self.fails("usage", 2, *ask, "--from", "2026-03-02", "--to", "2026-03-01")
        self.fails("usage", 2, *ask, "--from", "yesterday")
        self.fails("usage", 2, *ask, "--from", "2999-01-01")
        self.fails("not_found", 1, "person", "p-0000000000000", "statement", *ASK)
        self.fails("denied.role", 3, "person", self.person, "statement", "--as", "governance",
                   "--purpose", "service")
        self.fails("not_found", 1, *ask, "--out", str(self.shop.folder / "no" / "where"))
        empty = self.statement("--to", "2020-01-01", "--json").data
        self.assertEqual((empty["accesses"], empty["choices"]), ([], []))

    def shown(self):
        """All that the person is shown, without times, ids and what only counts entries."""
        out = [self.shop.must("person", self.person, what, *ASK, *form).out
               for what in ("accesses", "show") for form in ((), ("--json",))]
        statement = self.statement("--json").data
        del statement["statement"], statement["logs"]
        out += [self.statement().out, json.dumps(statement)]
        text = "\n".join(out).replace(self.person, "PERSON")
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
        return re.sub(r"\d+ \w+ \d{4} at \d\d:\d\d", "TIME", text)

    def test_nothing_shown_tells_of_a_silent_access(self):
        template = self.shop
        twins = []
        for name in ("with", "without"):
            folder = template.folder.parent / name
            shutil.copytree(template.folder, folder)
            self.shop = type(template)(folder)
            silently = name == "with"
            if silently:
                self.assertEqual(self.shop.query(ROWS, **SECRET).status, 0)
            self.assertEqual(self.shop.query(ROWS, **HELP).status, 0)
            if silently:
                self.assertEqual(self.shop.query(ROWS, **SECRET).status, 0)
            twins.append(self.shown())
            self.assertEqual(len(self.silent("list").data), 2 if silently else 0)
        self.shop = template
        self.assertEqual(twins[0], twins[1])

    def test_a_reviewer_decides(self):
        self.assertEqual(self.shop.query(ROWS, **SECRET).status, 0)
        listed = self.silent("list").data
        self.assertEqual(len(listed), 1)
        self.assertEqual((listed[0]["use"], listed[0]["ground"], listed[0]["then"]),
                         ("fraud-check", "crime", "review"))
        number = str(listed[0]["access"])
        shown = self.silent("show", number).data
        self.assertEqual(shown["statement"], ROWS)
        self.assertEqual(shown["why"], "Whoever took the money would hide it.")
        for principal in ("governance", "dpo", "frontline"):
            for command in (("list",), ("show", number), ("check",),
                            ("release", number, "--reason", "x")):
                answer = self.silent(*command, principal=principal)
                self.assertEqual((answer.status, answer.error["code"]), (3, "denied.role"))
        for command, code in ((("extend", number, "--until", "2020-01-01"), "argument.invalid"),
                              (("extend", number, "--until", "2999-01-01"), "argument.invalid"),
                              (("extend", number, "--until", "soon"), "usage"),
                              (("release", "1"), "not_found")):
            answer = self.silent(*command, "--reason", "because")
            self.assertEqual(answer.error["code"], code, command)
        self.assertEqual(self.silent("release", number).status, 2, "without a reason")
        self.assertEqual(self.silent("check").data["silent"], 1)
        self.assertNotIn("fraud-check", self.statement().out)
        self.assertEqual(self.silent("release", number, "--reason", "it is over").status, 0)
        self.assertEqual(self.silent("release", number, "--reason", "twice").status, 1)
        page = self.statement("--out", self.file).out
        self.assertIn("You were not told of this before", page)
        self.assertNotIn("it is over", page)
        self.shop.must("verify", self.file, *self.keys())
        self.assertEqual(self.silent("check").data["told_later"], 1)
        self.shop.must("ledger", "verify")
        self.assertEqual(self.shop.must("ledger", "stats", "--json").data["silence"],
                         {"silent": 0, "overdue": 0})
        tail = self.shop.must("ledger", "tail", "--limit", "1000").out
        self.assertIn("silence-decided", tail)
        self.assertNotIn("it is over", tail)

    def test_a_check_finds_a_silence_that_no_use_declared(self):
        self.assertEqual(self.shop.query(ROWS, **SECRET).status, 0)
        self.assertEqual(self.silent("check").status, 0)
        # The declaration changes afterwards: what counts is how it stood.
        self.shop.edit("uses/fraud-check.yaml", SILENCE, "")
        self.shop.must("apply")
        self.assertEqual(self.silent("check").status, 0)
        self.assertEqual(self.shop.query(ROWS, **SECRET).status, 0)
        self.assertEqual(len(self.silent("list").data), 1)

    def test_a_silence_is_refused_without_its_parts(self):
        for before, after in (("ground: crime", "ground: embarrassment"), ("  for: P90D\n", ""),
                              ("for: P90D", "for: P9Y"), ("  why: Whoever", "  note: Whoever")):
            with self.subTest(after=after):
                self.shop.write("uses/fraud-check.yaml", SERVICE_USE.replace(
                    "order-help", "fraud-check") + SILENCE.replace(before, after))
                self.assertEqual(self.shop.run("plan").status, 4)
