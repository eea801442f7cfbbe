import subprocess
from pathlib import Path

from scratch_tree import ScratchTree
from tracked import is_code, is_shell, text_of, tracked_files


class TrackedTest(ScratchTree):
    def test_outside_git_every_file_but_what_was_built(self):
        self.plant({"src/a.h": "", "build/b.h": "", ".git/c": "", ".clang-format": ""})
        self.assertEqual(tracked_files(self.root), [Path(".clang-format"), Path("src/a.h")])

    def test_in_git_only_tracked_files_that_exist(self):
        self.plant({"kept.h": "", "gone.h": "", "new.h": ""})
        git = ["git", "-C", str(self.root)]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "kept.h", "gone.h"], check=True)
        (self.root / "gone.h").unlink()
        self.assertEqual(tracked_files(self.root), [Path("kept.h")])

    def test_a_folder_inside_another_checkout_is_not_taken_for_it(self):
        subprocess.run(["git", "-C", str(self.root), "init", "-q"], check=True)
        self.plant({"inner/a.h": ""})
        self.assertEqual(tracked_files(self.root / "inner"), [Path("a.h")])

    def test_scripts_are_known_by_their_first_line(self):
        self.plant({"run": "#!/usr/bin/env bash\n", "data": "bash\n",
                    "tool": "#!/usr/bin/python3\n"})
        self.assertTrue(is_shell(self.root / "run"))
        self.assertTrue(is_code(self.root / "run"))
        self.assertFalse(is_shell(self.root / "data"))
        self.assertFalse(is_shell(self.root / "tool"))

    def test_binary_files_have_no_text(self):
        (self.root / "picture.png").write_bytes(b"\x89PNG\0\0")
        (self.root / "latin1.txt").write_bytes(b"caf\xe9")
        self.assertIsNone(text_of(self.root / "picture.png"))
        self.assertIsNone(text_of(self.root / "latin1.txt"))
