from scratch_tree import ScratchTree
import cpp_text


class CppTextTest(ScratchTree):
    def test_functions_are_found_inside_namespaces_and_classes(self):
        text = ("namespace a {\n"
                "class B {\n"
                "  int F() const { return 1; }\n"
                "};\n"
                "template <class T>\n"
                "Result<T> G(T x) {\n"
                "  if (x) {\n"
                "  }\n"
                "}\n"
                "}\n")
        self.assertEqual(cpp_text.functions(text), [(3, 3), (6, 9)])

    def test_constructors_with_brace_initialisers_keep_their_body(self):
        text = "A::A(int x) : x_{x}, y_(x) {\n  f();\n}\n"
        self.assertIn((1, 3), cpp_text.functions(text))

    def test_tables_and_types_are_not_functions(self):
        text = ("constexpr int kTable[] = {\n1,\n2};\n"
                "struct S {\n int x;\n};\n"
                "enum class E : std::uint8_t { kA };\n")
        self.assertEqual(cpp_text.functions(text), [])

    def test_braces_in_strings_comments_and_macros_do_not_count(self):
        text = ('void F() {\n'
                '  g("}"); // }\n'
                '  h(\'}\', 1\'000, R"x(}})x"); /* } */\n'
                '#define M(x) \\\n  {\n'
                '}\n')
        self.assertEqual(cpp_text.functions(text), [(1, 6)])

    def test_blanking_keeps_line_numbers(self):
        text = 'a /* x\ny */ "z" // w\nb\n'
        self.assertEqual(cpp_text.without_literals(text).count("\n"), 3)
        self.assertEqual(cpp_text.without_comments(text).split(), ["a", '"z"', "b"])
