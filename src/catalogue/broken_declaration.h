#pragma once

// For tests: a declaration with one fault in it, and what must be said of it.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/yaml.h"

namespace candour::catalogue {

struct BrokenDeclaration {
  const char* name;       ///< of the case
  std::string_view text;  ///< a declaration that is right
  const char* what;       ///< the part of it that is replaced
  const char* by;
  ErrorCode code;
  int line;
  int column;
};

/// Reads the broken text by `read`(root, file, errors), which must report the fault once, in place.
template <class Read>
void ExpectReportedOnce(const BrokenDeclaration& broken, Read read) {
  std::string text(broken.text);
  text.replace(text.find(broken.what), std::string_view(broken.what).size(), broken.by);
  const auto root = ParseYaml(text, "f");
  ASSERT_TRUE(root) << root.error().ToString();
  Diagnostics errors;
  read(*root, "f", errors);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].code, broken.code) << errors[0].ToString();
  EXPECT_EQ(errors[0].where->line, broken.line) << errors[0].ToString();
  EXPECT_EQ(errors[0].where->column, broken.column) << errors[0].ToString();
}

}  // namespace candour::catalogue
