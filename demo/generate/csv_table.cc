#include "csv_table.h"

#include <fstream>
#include <string_view>

namespace candour::demo {
namespace {

void AppendField(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void AppendLine(const std::vector<std::string>& fields, std::string& out) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    AppendField(fields[i], out);
  }
  out += '\n';
}

}  // namespace

Status WriteCsv(const CsvTable& table, const std::filesystem::path& file) {
  std::string text;
  AppendLine(table.header, text);
  for (const std::vector<std::string>& row : table.rows) AppendLine(row, text);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) {
    return Fail(Error{.code = ErrorCode::kIo,
                      .message = "a generated table could not be written",
                      .where = Where{.file = file.string()}});
  }
  return {};
}

}  // namespace candour::demo
