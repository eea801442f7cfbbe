from scratch_tree import ScratchTree
import tidy

HEADER = "#pragma once\n"
# Split, so that these tests do not themselves break the rules that they test.
MARK = "TO" + "DO"
MACHINE = "/ho" + "me/ada/candour"
HOST = "registry.npm" + "js.org"


class TidyTest(ScratchTree):
    def planted(self, name: str, text: str) -> list[str]:
        self.plant({name: text})
        return tidy.check(self.root)

    def test_tidy_code_passes(self):
        self.assertEqual(self.planted("src/a/b.h", HEADER + "/// What.\nclass Door {};\n"), [])

    def test_long_file_is_refused(self):
        self.assertEqual(self.planted("src/a.cc", "int x;\n" * 500), [])
        self.assert_refused(self.planted("src/a.cc", "int x;\n" * 501), "501 lines")

    def test_long_line_is_refused_by_letters_not_bytes(self):
        self.assertEqual(self.planted("src/a.cc", "// " + "é" * 97 + "\n"), [])
        self.assert_refused(self.planted("src/a.cc", "// " + "é" * 98 + "\n"), "a.cc:1", "101")

    def test_what_cannot_be_broken_may_be_long(self):
        self.assertEqual(self.planted("tools/get.sh", "sum=" + "aB3/" * 30 + "\n"), [])

    def test_prose_may_have_long_lines(self):
        self.assertEqual(self.planted("README.md", "x" * 300), [])

    def test_long_function_is_refused(self):
        def body(lines):
            return "int F() {\n" + "  f();\n" * (lines - 2) + "}\n"
        self.assertEqual(self.planted("src/a.cc", body(70)), [])
        self.assert_refused(self.planted("src/a.cc", "\n" + body(71)), "a.cc:2", "71 lines")

    def test_banned_file_names_are_refused(self):
        self.assert_refused(self.planted("src/string_utils.cc", ""), '"utils"')

    def test_words_that_only_contain_a_banned_one_pass(self):
        self.assertEqual(self.planted("src/uncommon.cc", "class Commonwealth {};\n"), [])

    def test_banned_type_names_are_refused(self):
        for text in ("class SessionManager {", "struct StringUtils {", "enum class MiscKind {",
                     "using DateHelper = int;"):
            self.assert_refused(self.planted("src/a.cc", text + "\n"), "a.cc:1")

    def test_banned_type_name_in_a_comment_passes(self):
        self.assertEqual(self.planted("src/a.cc", "// unlike class SessionManager\n"), [])

    def test_unfinished_mark_needs_an_issue(self):
        self.assertEqual(self.planted("src/a.cc", f"// {MARK}(#12): widen\n"), [])
        self.assert_refused(self.planted("src/a.cc", f"// {MARK}: widen\n"), "a.cc:1")
        self.assert_refused(self.planted("src/a.cc", f"// {MARK}(ada): widen\n"), "a.cc:1")

    def test_using_namespace_is_refused_in_headers_only(self):
        self.assertEqual(self.planted("src/a.cc", "using namespace fmt;\n"), [])
        self.assert_refused(self.planted("src/a.h", HEADER + "using namespace fmt;\n"), "a.h:2")

    def test_header_without_guard_is_refused(self):
        self.assert_refused(self.planted("src/a.h", "// What.\nint x;\n"), "#pragma once comes")
        self.assertEqual(self.planted("src/a.h", "// What.\n\n#pragma once\n"), [])

    def test_machine_paths_are_refused_in_any_text(self):
        self.assert_refused(self.planted("docs/guide.md", f"\nsee {MACHINE}\n"), "guide.md:2")
        (self.root / "docs/guide.md").unlink()
        self.assertEqual(self.planted("docs/ok.md", "src/home/load.cc and build/demo/home/x\n"), [])

    def test_registry_hosts_are_refused(self):
        self.assert_refused(self.planted("package-lock.json", f'"https://{HOST}/x"\n'), "registry")

    def test_binary_files_are_left_alone(self):
        (self.root / "a.bin").write_bytes(b"\0" + MACHINE.encode())
        self.assertEqual(tidy.check(self.root), [])
