#include "cli/answer.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/parquet_file.h"

namespace candour::cli {
namespace {

using engine::Column;
using engine::ToText;
using engine::Value;
using gate::Protection;
using nlohmann::json;

struct JsonOf {
  json operator()(std::monostate) const { return nullptr; }
  template <class T>
  json operator()(const T& value) const {
    return value;
  }
};

/// Characters, not bytes: close enough to columns for names and figures.
std::size_t Width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

/// Keeps the answer to lay it out at the end: columns of companions appear only where needed.
class KeptAnswer : public AnswerWriter {
 public:
  Status Columns(const std::vector<Column>& columns) override {
    columns_ = columns;
    shown_.assign(columns.size(), false);
    return {};
  }
  Status Row(const std::vector<Value>& row, const std::vector<Protection>& protections) override {
    rows_.push_back({row, protections});
    for (std::size_t i = 0; i < protections.size(); ++i) {
      if (!protections[i].empty()) shown_[i] = true;
    }
    return {};
  }

 protected:
  struct KeptRow {
    std::vector<Value> values;
    std::vector<Protection> protections;
  };

  std::vector<std::string> Heading() const {
    std::vector<std::string> heading;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      heading.push_back(columns_[i].name);
      if (shown_[i]) heading.push_back(columns_[i].name + "_protected");
    }
    return heading;
  }

  std::vector<Column> columns_;
  std::vector<bool> shown_;
  std::vector<KeptRow> rows_;
};

class TableAnswer final : public KeptAnswer {
 public:
  Status End(const gate::AccessReport&) override {
    std::vector<std::vector<std::string>> lines = {Heading()};
    for (const KeptRow& row : rows_) {
      std::vector<std::string> line;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        line.push_back(ToText(row.values[i]));
        if (shown_[i]) line.push_back(row.protections[i]);
      }
      lines.push_back(std::move(line));
    }
    std::fputs(AlignedTable(lines).c_str(), stdout);
    return {};
  }
};

class CsvAnswer final : public KeptAnswer {
 public:
  Status End(const gate::AccessReport&) override {
    std::string line;
    for (const std::string& name : Heading()) {
      if (!line.empty()) line += ',';
      line += CsvField(name);
    }
    fmt::print("{}\n", line);
    for (const KeptRow& row : rows_) {
      line.clear();
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) line += ',';
        line += CsvField(row.values[i]);
        if (shown_[i]) line += ',' + row.protections[i];
      }
      fmt::print("{}\n", line);
    }
    return {};
  }
};

class JsonAnswer final : public KeptAnswer {
 public:
  Status End(const gate::AccessReport& report) override {
    json data = {{"columns", json::array()},
                 {"rows", json::array()},
                 {"access", report.number},
                 {"output", policy::ToString(report.output)}};
    for (const Column& column : columns_) {
      data["columns"].push_back({{"name", column.name}, {"type", column.type}});
    }
    for (const KeptRow& row : rows_) {
      json cells = json::array();
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const bool is_protected = i < row.protections.size() && !row.protections[i].empty();
        cells.push_back(is_protected ? json{{"value", nullptr}, {"protected", row.protections[i]}}
                                     : std::visit(JsonOf{}, row.values[i]));
      }
      data["rows"].push_back(std::move(cells));
    }
    fmt::print("{}\n", json{{"candour", 1}, {"ok", true}, {"data", std::move(data)}}.dump(
                           -1, ' ', false, json::error_handler_t::replace));
    return {};
  }
};

class ParquetAnswer final : public KeptAnswer {
 public:
  explicit ParquetAnswer(std::string file) : file_(std::move(file)) {}

  Status End(const gate::AccessReport&) override {
    std::vector<Column> columns;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns.push_back(columns_[i]);
      if (shown_[i]) columns.push_back({columns_[i].name + "_protected", "VARCHAR"});
    }
    std::vector<std::vector<Value>> rows;
    for (const KeptRow& row : rows_) {
      std::vector<Value>& out = rows.emplace_back();
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        out.push_back(row.values[i]);
        if (shown_[i]) out.emplace_back(row.protections[i]);
      }
    }
    return WriteParquet(file_, columns, rows);
  }

 private:
  std::string file_;
};

}  // namespace

gate::AnswerSink AnswerWriter::Sink() {
  return {
      .columns = [this](const std::vector<Column>& columns) { return Columns(columns); },
      .row = [this](const std::vector<Value>& row,
                    const std::vector<Protection>& protections) { return Row(row, protections); }};
}

std::string CsvField(const Value& value) {
  std::string text = ToText(value);
  if (!std::holds_alternative<std::string>(value)) return text;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += '"';
  }
  return quoted + '"';
}

std::string AlignedTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      if (i > 0) line += "  ";
      line += rows[r][i];
      line.append(widths[i] - Width(rows[r][i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
    if (r > 0) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) out += "  ";
      out.append(widths[i], '-');
    }
    out += '\n';
  }
  return out;
}

Result<std::unique_ptr<AnswerWriter>> MakeAnswerWriter(const std::string& format,
                                                       const std::string& output) {
  if (format == "table") return std::make_unique<TableAnswer>();
  if (format == "csv") return std::make_unique<CsvAnswer>();
  if (format == "json") return std::make_unique<JsonAnswer>();
  if (format == "parquet" && !output.empty()) {
    CANDOUR_TRY(CheckNew(output));
    return std::make_unique<ParquetAnswer>(output);
  }
  return Fail(Error{
      .code = ErrorCode::kUsage,
      .message = format == "parquet" ? "parquet needs a file to write" : "this format is not known",
      .expected = "--format table, csv, json, or parquet with --output FILE"});
}

}  // namespace candour::cli
