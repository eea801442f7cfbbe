#pragma once

#include <memory>
#include <string>

#include "gate/access.h"

namespace candour::cli {

/// Writes an answer in one of the formats of `query --format`.
///
/// table, csv and json go to standard output, parquet to a file. A protected figure is null; table
/// and CSV have a companion column that says why, JSON a cell {"value":null,"protected":why}.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;
  virtual Status Columns(const std::vector<engine::Column>& columns) = 0;
  virtual Status Row(const std::vector<engine::Value>& row,
                     const std::vector<gate::Protection>& protections) = 0;
  /// Called once when the answer is whole. Nothing of a parquet file is there before.
  virtual Status End(const gate::AccessReport& report) = 0;

  gate::AnswerSink Sink();
};

/// `format`: table, csv, json or parquet. `output`: the file of parquet.
/// Errors: kUsage (unknown format, parquet without a file), kConflict (the file is there).
Result<std::unique_ptr<AnswerWriter>> MakeAnswerWriter(const std::string& format,
                                                       const std::string& output);

/// One CSV field: quoted when it must be, and with an apostrophe before text that a spreadsheet
/// would run as a formula (= + - @, tab, CR).
std::string CsvField(const engine::Value& value);

/// Rows of text as a table with aligned columns; the first row is the heading.
std::string AlignedTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace candour::cli
