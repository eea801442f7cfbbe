from scratch_tree import ScratchTree
import check_floors

HOUSE = {
    "ARCHITECTURE.md": (
        "# A\n<!-- floors -->\n```\nsrc/\n  base/   x\n  ledger/ y\n  gate/   z\n```\n"),
    "src/CMakeLists.txt": (
        "# candour_floor(comment)\n"
        "candour_floor(base LINK fmt::fmt)\n"
        "candour_floor(gate LINK candour_base\n              other)\n"),
    "src/base/error.h": "#pragma once\n",
    "src/gate/door.h": '#pragma once\n#include "base/error.h"\n',
    "tests/property/model_test.cc": '#include "gate/door.h"\n#include "property/model.h"\n',
    "tests/property/model.h": "#pragma once\n",
}


class CheckFloorsTest(ScratchTree):
    def planted(self, files: dict[str, str]) -> list[str]:
        self.plant(HOUSE | files)
        return check_floors.check(self.root)

    def test_a_lawful_house_passes(self):
        self.assertEqual(self.planted({}), [])

    def test_include_of_a_lower_floor_is_refused(self):
        self.assert_refused(
            self.planted({"src/base/error.cc": '#include "gate/door.h"\n'}),
            "error.cc", "below base")

    def test_include_in_a_nested_folder_is_seen(self):
        self.assert_refused(
            self.planted({"src/base/text/a.cc": '  # include "gate/door.h"\n'}), "below base")

    def test_relative_include_is_refused(self):
        self.assert_refused(
            self.planted({"src/gate/door.cc": '#include "../base/error.h"\n'}), "leaves src/")

    def test_product_including_tests_is_refused(self):
        self.assert_refused(
            self.planted({"src/gate/door.cc": '#include "tests/property/model.h"\n'}),
            "leaves src/")

    def test_link_to_a_lower_floor_is_refused(self):
        self.assert_refused(
            self.planted({"src/CMakeLists.txt":
                          "candour_floor(base LINK candour_gate)\ncandour_floor(gate)\n"}),
            "base links gate")

    def test_order_other_than_the_architecture_is_refused(self):
        self.assert_refused(
            self.planted({"src/CMakeLists.txt": "candour_floor(gate)\ncandour_floor(base)\n",
                          "src/gate/door.h": "#pragma once\n"}), "base stands below gate")

    def test_floor_that_the_architecture_does_not_know_is_refused(self):
        self.assert_refused(
            self.planted({"src/CMakeLists.txt": HOUSE["src/CMakeLists.txt"]
                          + "candour_floor(cellar)\n"}), "cellar")

    def test_folder_that_is_no_floor_is_refused(self):
        self.assert_refused(
            self.planted({"src/attic/a.h": "#pragma once\n"}), "src/attic is no floor")

    def test_missing_lists_are_refused_not_passed(self):
        self.assert_refused(self.planted({"ARCHITECTURE.md": "# no list\n"}), "no list of floors")
        self.assert_refused(
            self.planted({"src/CMakeLists.txt": ""})[:1], "no candour_floor")

    def test_tests_may_not_include_each_others_folders(self):
        self.assert_refused(
            self.planted({"bench/run.cc": '#include "tests/property/model.h"\n'}), "bench/run.cc")
        self.assertEqual(len(self.planted(
            {"bench/run.cc": '#include "../tests/property/model.h"\n'})), 1)
