"""Every command, for people and as JSON, on a home that works."""
import re
import subprocess
import unittest
from pathlib import Path

from shop import PEOPLE, Shop, ShopTest

COMMANDS = ("init", "plan", "apply", "adopt", "list", "describe", "choose", "can", "explain",
            "query", "person", "register", "ledger", "version", "completion")
BREAD = "SELECT product, count(*) AS orders FROM shop.orders GROUP BY product ORDER BY product"


class BeginningTest(ShopTest):
    opened = False

    def test_plan_shows_all_before_apply_makes_it_so(self):
        plan = self.shop.must("plan")
        self.assertIn("to add, 0 to change, 0 to remove", plan.out)
        self.assertIn("+ Use order-insight", plan.out)
        self.assertEqual(self.shop.must("list", "--json").data["uses"], [])
        self.assertIn("In force as version 1.", self.shop.must("apply").out)
        self.assertIn("Nothing changes", self.shop.must("plan").out)
        again = self.shop.must("apply", "--json").data
        self.assertNotIn("version", again)

    def test_init_tells_the_next_steps_and_keeps_state_closed(self):
        other = self.shop.folder / "other"
        environment = {**self.shop.environment, "CANDOUR_KEY_FILE": str(other) + ".key"}
        answer = self.shop.run("init", str(other), env=environment)
        self.assertEqual(answer.status, 0, answer.err)
        self.assertIn("candour --home", answer.out)
        self.assertEqual((other / "state").stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.shop.folder / "other.key").stat().st_mode & 0o777, 0o600)
        for command in (("plan",), ("apply",), ("adopt", "--all")):
            done = self.shop.run("--home", str(other), *command, env=environment)
            self.assertEqual(done.status, 0, done.err)

    def test_init_completes_a_folder_of_declarations(self):
        clone = self.shop.folder / "clone"
        subprocess.run(["cp", "-r", str(self.shop.home), str(clone)], check=True)
        subprocess.run(["rm", "-r", str(clone / "state")], check=True)
        environment = {**self.shop.environment, "CANDOUR_KEY_FILE": str(clone) + ".key"}
        self.assertEqual(self.shop.run("init", str(clone), env=environment).status, 0)
        self.assertTrue((clone / "uses/order-help.yaml").exists())

    def test_adopt_tells_rows_quarantine_and_flags(self):
        self.shop.must("apply")
        path = self.shop.home / "data/customers.csv"
        text = path.read_text() + ",nobody@example.org,north,Y,2025-03-01\n"
        path.write_text(text)
        data = self.shop.must("adopt", "shop.customers", "--json").data
        self.assertEqual(data[0]["rows"], PEOPLE)
        self.assertEqual(sum(entry["rows"] for entry in data[0]["quarantined"]), 1)
        self.assertEqual(data[0]["mappings"][0]["mapping"], "shop-email")
        self.assertIn("quarantined", self.shop.must("adopt", "shop.customers").out)


class CommandTest(ShopTest):
    def test_list_and_describe(self):
        self.assertIn("order-insight", self.shop.must("list").out)
        uses = self.shop.must("list", "--as", "marketer", "--json").data["uses"]
        self.assertEqual([use["use"] for use in uses], ["shop-offers"])
        self.assertEqual(uses[0]["state"], "in force")
        for name in ("order-insight", "shop.orders", "offers"):
            self.assertIn(name, self.shop.must("describe", name).out)
            self.assertTrue(self.shop.must("describe", name, "--json").json["ok"])

    def test_can_and_explain(self):
        can = ("can", "--as", "analyst", "--use", "order-insight")
        self.assertTrue(self.shop.must(*can).out.startswith("yes:"))
        self.assertIs(self.shop.must(*can, BREAD, "--json").data["permitted"], True)
        self.assertIn("denied.agreement", self.shop.must("explain", "denied.agreement").out)
        self.assertIn("look up any person", self.shop.must("explain", "roles").out)
        explain = ("explain", "--as", "analyst", "--use", "order-insight", BREAD)
        self.assertIn("at least 10 people, or withheld", self.shop.must(*explain).out)
        data = self.shop.must(*explain, "--json").data
        self.assertEqual(data["datasets"][0]["people"], "10 to 99 people")

    def test_explain_moves_nothing(self):
        before = self.shop.must("ledger", "verify", "--json").data["entries"]
        self.shop.must("explain", "--as", "analyst", "--use", "order-insight", BREAD)
        self.shop.must("can", "--as", "analyst", "--use", "order-insight", BREAD)
        self.assertEqual(self.shop.must("ledger", "verify", "--json").data["entries"], before)

    def test_register_tells_every_use_in_plain_words(self):
        text = self.shop.must("register").out
        self.assertIn("We send offers by e-mail to people who asked for them.",
                      re.sub(r"\s+", " ", text))
        self.assertTrue(self.shop.must("register", "--json").json["ok"])

    def test_ledger_grows_with_each_access_and_verifies(self):
        self.shop.query(BREAD)
        log = self.shop.must("ledger", "log", "--limit", "1", "--json").data
        self.assertEqual(len(log), 1)
        self.assertEqual((log[0]["principal"], log[0]["use"], log[0]["outcome"]),
                         ("analyst", "order-insight", "released"))
        self.assertIn("order-insight", self.shop.must("ledger", "log").out)
        self.assertIn("every byte verified", self.shop.must("ledger", "verify").out)

    def test_version(self):
        self.assertRegex(self.shop.must("version").out, r"^candour \d+\.\d+\.\d+\n$")
        self.assertRegex(self.shop.must("version", "--json").data["version"], r"^\d+\.\d+\.\d+$")

    def test_completion_is_a_script_that_knows_the_commands(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.shop.must("completion", shell).out
            for command in COMMANDS:
                self.assertIn(command, script)
            if shell == "bash":
                subprocess.run(["bash", "-n"], input=script, text=True, check=True)

    def test_bash_completes_commands_and_their_options(self):
        script = self.shop.must("completion", "bash").out
        ask = ("COMP_WORDS=(candour %s); COMP_CWORD=%d; _candour; echo \"${COMPREPLY[@]}\"")
        for words, position, expected in (("pl", 1, "plan"), ("query --fo", 2, "--format")):
            done = subprocess.run(["bash", "-c", script + ask % (words, position)], text=True,
                                  capture_output=True, check=True)
            self.assertEqual(done.stdout.strip(), expected)


class PersonTest(ShopTest):
    LOOK = ("--as", "frontline", "--purpose", "service")

    def test_a_person_is_found_shown_and_told_of_every_access(self):
        person = self.shop.find("Q00012")
        self.assertRegex(person, r"^p-[0-9a-z]{13}$")
        self.shop.query(BREAD)
        text = self.shop.must("person", person, "show", *self.LOOK).out
        self.assertIn("xanthe12@example.org", text)
        self.assertIn("order-insight", self.shop.must("person", person, "accesses",
                                                      *self.LOOK, "--json").out)
        shown = self.shop.must("person", person, "show", *self.LOOK, "--json")
        self.assertTrue(shown.json["ok"])
        accesses = self.shop.must("person", person, "accesses", *self.LOOK)
        self.assertRegex(accesses.out, "(?i)what sells where")

    def test_looking_is_itself_recorded(self):
        person = self.shop.find("Q00012")
        before = len(self.shop.entries())
        self.shop.must("person", person, "show", *self.LOOK)
        self.assertEqual(len(self.shop.entries()), before + 2)

    def test_a_member_sees_themselves(self):
        person = self.shop.find("Q00012")
        answer = self.shop.must("person", person, "show", "--as", "member", "--purpose", "service")
        self.assertIn(person, answer.out)

    def test_the_statement_after_a_no_is_without_the_person(self):
        email = "SELECT count(*) FROM shop.customers WHERE email = 'xanthe12@example.org'"
        ask = ("--json",)
        options = {"principal": "marketer", "use": "shop-offers"}
        before = self.shop.offered()
        self.assertEqual(before, PEOPLE // 3)
        self.assertEqual(self.shop.query(email, *ask, **options).data["rows"], [[1]])
        person = self.shop.find("Q00012")
        answer = self.shop.must("choose", person, "no", "--purpose", "offers", "--unit", "shop")
        self.assertIn("It holds from the next statement on.", answer.out)
        self.assertEqual(self.shop.query(email, *ask, **options).data["rows"], [[0]])
        self.assertEqual(self.shop.offered(), before - 1)
        self.shop.must("choose", person, "yes", "--purpose", "offers", "--unit", "shop",
                       "--channel", "email", "--json")
        # A yes for one channel is narrower than the no to all of them, and later: it lifts it here.
        self.assertEqual(self.shop.offered(), before)


class HelpTest(unittest.TestCase):
    def test_every_command_has_help_with_an_example(self):
        shop = Shop(Path("."))
        top = shop.run("--help")
        self.assertEqual(top.status, 0)
        self.assertIn("Exit status: 0 done, 1 failed, 2 usage or SQL syntax, 3 denied", top.out)
        for command in COMMANDS:
            self.assertIn(command, top.out)
            text = shop.run(command, "--help")
            self.assertEqual(text.status, 0)
            self.assertIn("Example: ", text.out, command)


if __name__ == "__main__":
    unittest.main()
