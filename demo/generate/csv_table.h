#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace candour::demo {

/// A table of texts, as CSV has it; an empty text stands for nothing.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Writes the table as RFC 4180 has it, with "\n" between lines. Errors: kIo naming the file.
Status WriteCsv(const CsvTable& table, const std::filesystem::path& file);

}  // namespace candour::demo
