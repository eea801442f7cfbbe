#include "intake/materialise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

#include "storage/filesystem.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;
using catalogue::Field;
using catalogue::RowCategory;

std::string RowColumnsSql(const Dataset& dataset) {
  std::vector<std::string> columns;
  if (dataset.HasPeople()) columns.push_back(fmt::format("{} UINTEGER NOT NULL", kRecordColumn));
  if (dataset.row_category) columns.push_back(fmt::format("{} VARCHAR", kCategoryColumn));
  for (const Field& field : dataset.fields) {
    columns.push_back(
        fmt::format("{} {}", engine::QuoteIdentifier(field.name), catalogue::SqlName(field.type)));
  }
  return fmt::format("{}", fmt::join(columns, ", "));
}

std::string SelectRowsSql(const Dataset& dataset) {
  std::vector<std::string> select;
  std::string joins;
  if (dataset.HasPeople()) {
    select.emplace_back("k.record");
    joins += " JOIN stage.main.keys k ON c.key = k.key";
  }
  if (dataset.row_category) {
    // A key that the look-up does not know may be anything, so its row counts as unclassified and
    // stays out of every use that does not name that category; a known key without one is harmless.
    select.push_back(
        fmt::format("CASE WHEN category.key IS NULL THEN {} ELSE category.category END",
                    engine::QuoteLiteral(kUnclassified)));
  }
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    select.push_back(fmt::format("c.f{}", i));
    if (dataset.row_category && dataset.row_category->field == dataset.fields[i].name) {
      joins += fmt::format(
          " LEFT JOIN stage.main.category category ON CAST(c.f{} AS VARCHAR) = category.key", i);
    }
  }
  return fmt::format("SELECT {} FROM stage.main.checked c{} WHERE c.reason IS NULL ORDER BY {}",
                     fmt::join(select, ", "), joins,
                     dataset.HasPeople() ? "k.record, c.source_row" : "c.source_row");
}

std::string QuarantineSql(const Dataset& dataset) {
  std::vector<std::string> select;
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    select.push_back(fmt::format("CAST(r.c{} AS VARCHAR) AS {}", i,
                                 engine::QuoteIdentifier(dataset.fields[i].name)));
  }
  return fmt::format(
      "CREATE TABLE out.main.quarantine AS SELECT c.reason AS _reason, c.source_row AS "
      "_source_row, "
      "{} FROM stage.main.checked c JOIN stage.main.raw r ON r.rowid + 1 = c.source_row WHERE "
      "c.reason IS NOT NULL ORDER BY c.source_row",
      fmt::join(select, ", "));
}

/// The engine writes files by its own means; this makes them durable and immutable.
Status MakeLasting(const fs::path& file) {
  CANDOUR_ASSIGN(const auto handle, storage::MachineFilesystem().OpenAppend(file));
  CANDOUR_TRY(handle->Sync());
  std::error_code error;
  fs::permissions(file, fs::perms::owner_read, error);
  if (error) return Fail(ErrorCode::kIo, "a file could not be made read-only: " + file.string());
  return {};
}

/// Makes `file`, fills it by `statements` and counts `table`; durable on return.
Result<std::int64_t> WriteFile(Workbench& bench, const engine::SealedFile& file,
                               std::string_view table, const std::vector<std::string>& statements) {
  const std::string step = "writing " + file.path().filename().string();
  CANDOUR_TRY(bench.AttachNew(file, "out"));
  for (const std::string& sql : statements) CANDOUR_TRY(bench.Run(step, sql));
  CANDOUR_ASSIGN(const std::int64_t rows,
                 bench.Count(step, fmt::format("SELECT count(*) FROM out.main.{}", table)));
  CANDOUR_TRY(bench.Run(step, "CHECKPOINT out"));
  CANDOUR_TRY(bench.Run(step, "DETACH out"));
  CANDOUR_TRY(MakeLasting(file.path()));
  return rows;
}

Status CheckLookupFields(const Dataset& dataset, const Dataset* lookup) {
  const RowCategory& category = *dataset.row_category;
  if (lookup != nullptr && lookup->FindField(category.lookup_key) != nullptr &&
      lookup->FindField(category.lookup_category) != nullptr) {
    return {};
  }
  return Fail(Error{.code = ErrorCode::kDeclarationUnknownName,
                    .message = "the row category's look-up is not declared",
                    .where = dataset.where,
                    .expected = fmt::format("{} with the fields {} and {}", category.lookup_dataset,
                                            category.lookup_key, category.lookup_category)});
}

}  // namespace

Status StageCategories(Workbench& bench, const Dataset& dataset, const Dataset* lookup,
                       const fs::path& state_dir, const crypto::Secret& key_encryption_key) {
  CANDOUR_TRY(CheckLookupFields(dataset, lookup));
  const RowCategory& category = *dataset.row_category;
  Result<DatasetVersion> version = LoadCurrent(state_dir, category.lookup_dataset);
  if (!version && version.error().code == ErrorCode::kDatasetEmpty) {
    return Fail(Error{.code = ErrorCode::kDatasetEmpty,
                      .message = fmt::format("the row categories of {} come from a dataset that "
                                             "holds no data yet: {}",
                                             dataset.name, category.lookup_dataset),
                      .next = fmt::format("candour adopt {}", category.lookup_dataset)});
  }
  if (!version) return Fail(version.error());
  CANDOUR_TRY(bench.AttachRows(*version, key_encryption_key, "lookup"));
  CANDOUR_TRY(bench.Run(
      "looking up row categories",
      fmt::format("CREATE TABLE stage.main.category AS SELECT DISTINCT CAST({} AS VARCHAR) AS key, "
                  "CAST({} AS VARCHAR) AS category FROM lookup.main.rows WHERE {} IS NOT NULL",
                  engine::QuoteIdentifier(category.lookup_key),
                  engine::QuoteIdentifier(category.lookup_category),
                  engine::QuoteIdentifier(category.lookup_key))));
  CANDOUR_ASSIGN(const std::int64_t doubtful,
                 bench.Count("looking up row categories",
                             "SELECT count(*) FROM (SELECT key FROM stage.main.category GROUP BY "
                             "key HAVING count(*) > 1)"));
  if (doubtful > 0) {
    return Fail(Error{.code = ErrorCode::kDataInvalid,
                      .message = "the look-up gives one key more than one row category",
                      .where = dataset.where,
                      .expected = fmt::format("one {} for each {}", category.lookup_category,
                                              category.lookup_key),
                      .found = fmt::format("{} such keys", doubtful)});
  }
  return {};
}

Result<Materialised> Materialise(Workbench& bench, const Dataset& dataset, std::int64_t source_rows,
                                 const SealedVersion& files) {
  Materialised done;
  CANDOUR_ASSIGN(done.rows,
                 WriteFile(bench, files.rows, "rows",
                           {fmt::format("CREATE TABLE out.main.rows ({})", RowColumnsSql(dataset)),
                            "INSERT INTO out.main.rows " + SelectRowsSql(dataset)}));
  CANDOUR_ASSIGN(done.quarantined,
                 WriteFile(bench, files.quarantine, "quarantine", {QuarantineSql(dataset)}));
  if (done.rows + done.quarantined != source_rows) {
    return Fail(Error{.code = ErrorCode::kInternal,
                      .message = "the rows kept and those in quarantine are not all that were read",
                      .expected = fmt::format("{} rows", source_rows),
                      .found = fmt::format("{} and {}", done.rows, done.quarantined)});
  }
  return done;
}

}  // namespace candour::intake
