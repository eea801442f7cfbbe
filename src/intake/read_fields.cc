#include "intake/read_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "engine/database.h"
#include "intake/dataset_version.h"
#include "intake/sealed_version.h"

namespace candour::intake {
namespace {

using catalogue::Field;

std::string TextSql(const Field& field) {
  const std::string name = engine::QuoteIdentifier(field.name);
  if (field.type == catalogue::FieldType::kTimestamp) {
    return fmt::format("strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')", name);
  }
  return fmt::format("CAST({} AS VARCHAR)", name);
}

Result<std::string> SelectSql(const catalogue::Dataset& dataset,
                              const std::vector<std::string>& fields) {
  if (!dataset.HasPeople()) {
    return Fail(ErrorCode::kInvalidArgument, "the dataset holds nobody: " + dataset.name);
  }
  std::vector<std::string> select = {fmt::format("{}::BIGINT", kRecordColumn)};
  for (const std::string& name : fields) {
    const Field* field = dataset.FindField(name);
    if (field == nullptr) {
      return Fail(ErrorCode::kNotFound, fmt::format("no such field: {}.{}", dataset.name, name));
    }
    select.push_back(TextSql(*field));
  }
  return fmt::format("SELECT {} FROM version.main.rows ORDER BY {}", fmt::join(select, ", "),
                     kRecordColumn);
}

}  // namespace

Status ReadFields(const std::filesystem::path& state_dir, const catalogue::Dataset& dataset,
                  const std::vector<std::string>& fields, const crypto::Secret& key_encryption_key,
                  const FieldSink& row) {
  CANDOUR_ASSIGN(const std::string sql, SelectSql(dataset, fields));
  CANDOUR_ASSIGN(const DatasetVersion version, LoadCurrent(state_dir, dataset.name));
  CANDOUR_ASSIGN(engine::Database database, engine::Database::Open());
  CANDOUR_TRY(AttachRows(database, version, key_encryption_key, "version"));
  CANDOUR_TRY(database.Lock());
  std::optional<Error> from_sink;
  std::vector<std::string> texts(fields.size());
  const Status done = database.Stream(
      sql, [](const auto&) -> Status { return {}; },
      [&](const std::vector<engine::Value>& values) -> Status {
        for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = engine::ToText(values[i + 1]);
        Status taken = row(static_cast<RecordNo>(std::get<std::int64_t>(values[0])), texts);
        if (!taken) from_sink = taken.error();
        return taken;
      });
  if (from_sink) return Fail(*from_sink);
  if (!done && done.error().code != ErrorCode::kDataInvalid) return done;
  if (!done) {
    return Fail(
        Error{.code = ErrorCode::kDataInvalid,
              .message = "the current version lacks a field of its contract: " + dataset.name,
              .next = fmt::format("candour adopt {}", dataset.name)});
  }
  return {};
}

}  // namespace candour::intake
