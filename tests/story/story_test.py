"""The story of `make demo`, the README and the examples in --help: all of it runs as it is told."""
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

import demo_tree

COMMANDS = ("init", "plan", "apply", "adopt", "list", "describe", "choose", "can", "explain",
            "query", "person", "register", "ledger", "version", "completion")


def setUpModule():
    """The story is told once; what it leaves behind serves the other tests."""
    global tree, story
    scratch = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(scratch.cleanup)
    tree = demo_tree.make_tree(Path(scratch.name))
    story = demo_tree.tell_story(tree)


def run_script(script: str) -> subprocess.CompletedProcess:
    environment = {**demo_tree.environment(tree), "CANDOUR_HOME": "build/demo/home",
                   "PATH": f"{tree / 'build/release'}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tree, env=environment,
                          text=True, capture_output=True, timeout=120, check=False)


def figures(column: str) -> list[int]:
    """The values under a heading, in the order of the story."""
    return [int(value) for value in re.findall(rf"^{column}\n-+\n(\d+)$", story.stdout, re.M)]


class StoryTest(unittest.TestCase):
    def test_it_is_told_to_the_end(self):
        self.assertEqual(story.returncode, 0, story.stdout + story.stderr)
        self.assertIn("Try it yourself", story.stdout)

    def test_a_no_takes_exactly_one_person_out_of_the_offers(self):
        before, after = figures("may_be_written_to")
        self.assertEqual(after, before - 1)
        name = re.search(r"Imagine you are (\w+)", story.stdout).group(1)
        _, before_no, after_no = re.split(r"email\n-+  -+\n|email\n-+  -----\n",
                                          story.stdout, maxsplit=2)
        self.assertTrue(before_no.startswith(name))
        self.assertFalse(after_no.startswith(name))

    def test_a_recall_still_reaches_everybody(self):
        self.assertEqual(figures("members"), [20_000])
        name = re.search(r"Imagine you are (\w+)", story.stdout).group(1)
        self.assertRegex(story.stdout, rf"postcode\n-+  -+\n{name} +CO|postcode\n-+  -+\n{name} ")

    def test_the_insurer_is_refused_with_the_reason_and_who_decides(self):
        refusals = re.findall(r"the use was refused: (.+)\n(?:  .+\n)*?  fix by +(.+)\n",
                              story.stdout)
        self.assertEqual(len(refusals), 2)
        for reason, who in refusals:
            self.assertIn("health and faith", reason)
            self.assertIn("advisory group", who)
        self.assertIn("denied.not_approved", story.stdout)

    def test_the_insurer_gets_totals_of_at_least_twenty_five_people(self):
        told = story.stdout.split("What it may have, under an agreement")[1].split("Which rule")[0]
        shoppers = [int(count) for count in re.findall(r"^[A-Z][A-Z -]+?  +(\d+)  ", told, re.M)]
        self.assertGreaterEqual(len(shoppers), 5)
        self.assertGreaterEqual(min(shoppers), 25)

    def test_small_groups_are_withheld_and_single_rows_refused(self):
        self.assertIn("figures about fewer than 10 people withheld", story.stdout)
        self.assertIn("denied.aggregate", story.stdout)

    def test_the_member_sees_the_no_and_every_use(self):
        page = story.stdout.split("What was done with your data")[1]
        self.assertIn("you said no", page)
        self.assertIn("Warning buyers of an unsafe product", page)
        self.assertIn("Someone looked you up", page)

    def test_it_says_what_is_real_and_what_is_made_up(self):
        self.assertIn("Nobody below exists.", story.stdout)
        self.assertIn("every byte verified", story.stdout)

    def test_what_it_proposes_to_try_works(self):
        script = story.stdout.split("== Try it yourself")[1].split("Real:")[0]
        self.assertGreaterEqual(script.count("build/release/candour"), 5)
        done = run_script(script)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class ReadmeTest(unittest.TestCase):
    text = (demo_tree.REPOSITORY / "README.md").read_text(encoding="utf-8")

    def scripts(self) -> list[str]:
        """The indented blocks."""
        outside_fences = re.sub(r"^```.*?^```$", "", self.text, flags=re.M | re.S)
        blocks = re.findall(r"(?:^    .*\n)+", outside_fences, re.M)
        return [re.sub(r"^    ", "", block, flags=re.M) for block in blocks]

    def test_make_words_exist(self):
        makefile = (demo_tree.REPOSITORY / "Makefile").read_text(encoding="utf-8")
        words = re.findall(r"^    make (\w+)", self.text, re.M)
        self.assertEqual(words, ["demo", "test"])
        for word in words:
            self.assertRegex(makefile, rf"(?m)^{word}:")

    def test_every_command_runs(self):
        ran = 0
        for script in self.scripts():
            if script.startswith("make "):
                continue
            ran += script.count("\ncandour ")
            done = run_script(script)
            self.assertEqual(done.returncode, 0, script + done.stdout + done.stderr)
        self.assertGreaterEqual(ran, 8)

    def test_every_answer_it_shows_is_the_real_one(self):
        shown = 0
        for block in re.findall(r"^```console\n(.*?)^```", self.text, re.M | re.S):
            for part in block.split("$ ")[1:]:
                command, _, expected = part.partition("\n")
                done = run_script(command)
                self.assertEqual(done.stdout if done.returncode == 0 else done.stderr, expected)
                shown += 1
        self.assertGreaterEqual(shown, 2)


class HelpExampleTest(unittest.TestCase):
    def examples(self) -> list[str]:
        helps = [(command,) for command in COMMANDS] + [("ledger", "verify"), ("ledger", "log")]
        found = []
        for words in helps:
            text = run_script(f"candour {shlex.join(words)} --help").stdout
            self.assertIn("Example: ", text, words)
            example = text.split("Example: ")[1].strip()
            found.append(re.sub(r"\s*\n\s*", " ", example))
        return found

    def test_every_example_runs(self):
        person = re.search(r"p-[0-9a-z]{13}", story.stdout).group()
        # The order of the list makes the shop before anything is done with it.
        for example in self.examples():
            with self.subTest(example=example):
                done = run_script(re.sub(r"p-[0-9a-z]{13}", person, example))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
