import json
from unittest import mock

from scratch_tree import ScratchTree
import check_headers

GOOD = "#pragma once\n#include <string>\ninline std::string Name() { return {}; }\n"
LEANING = "#pragma once\ninline std::string Name() { return {}; }\n"


class CheckHeadersTest(ScratchTree):
    def setUp(self) -> None:
        super().setUp()
        self.plant({"build/r/pch.h": "#include <string>\n", "src/a/a.cc": ""})
        source = str(self.root / "src/a/a.cc")
        command = (f"ccache /usr/bin/c++ -I{self.root}/src -std=c++20 -Winvalid-pch "
                   f"-include {self.root}/build/r/pch.h -o a.o -c {source}")
        self.plant({"build/r/compile_commands.json": json.dumps(
            [{"directory": str(self.root), "command": command, "file": source}])})

    def check(self) -> list[str]:
        return check_headers.check(
            self.root, self.root / "build/r", self.root / "build/check/headers.json")

    def test_header_that_brings_what_it_needs_passes(self):
        self.plant({"src/a/a.h": GOOD})
        self.assertEqual(self.check(), [])

    def test_header_that_leans_on_the_precompiled_one_is_refused(self):
        self.plant({"src/a/a.h": LEANING})
        self.assert_refused(self.check(), "src/a/a.h does not compile on its own")

    def test_a_failure_is_not_remembered_as_success(self):
        self.plant({"src/a/a.h": LEANING})
        self.assertEqual(len(self.check()), 1)
        self.assertEqual(len(self.check()), 1)

    def test_second_run_compiles_only_what_changed(self):
        self.plant({"src/a/a.h": GOOD, "src/b/b.h": '#pragma once\n#include "a/a.h"\n',
                    "src/b/c.h": "#pragma once\n"})
        self.assertEqual(self.check(), [])
        with mock.patch.object(check_headers, "compile_alone", return_value=None) as compiler:
            self.assertEqual(self.check(), [])
            self.assertEqual(compiler.call_count, 0)
            # b.h includes a.h, so both are compiled again; c.h is not.
            self.plant({"src/a/a.h": GOOD + "\n"})
            self.check()
            self.assertEqual(compiler.call_count, 2)
