#include "intake/read_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "intake/column_match.h"
#include "intake/postgres_copy.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using catalogue::Source;

/// A column of a source: its name, the engine's type of it, and SQL that reads it.
struct SourceColumn {
  std::string name;
  std::string type;
  std::string sql;
};

/// A source that the engine can read: FROM `relation`.
struct Relation {
  std::string sql;
  std::vector<SourceColumn> columns;
};

/// Nothing is left to the engine's guesses but the line ending, and every value comes as text.
std::string CsvSql(const fs::path& file, bool header = true) {
  return fmt::format(
      "read_csv({}, header={}, all_varchar=true, delim=',', quote='\"', escape='\"', comment='', "
      "skip=0, strict_mode=true, null_padding=false, ignore_errors=false, encoding='utf-8', "
      "hive_partitioning=false)",
      engine::QuoteLiteral(file.string()), header);
}

Result<Relation> DescribeRelation(Workbench& bench, std::string sql) {
  Relation relation{.sql = std::move(sql)};
  CANDOUR_ASSIGN(const auto rows,
                 bench.ReadRows("its columns", fmt::format("SELECT column_name, column_type FROM "
                                                           "(DESCRIBE SELECT * FROM {})",
                                                           relation.sql)));
  for (const auto& row : rows) {
    relation.columns.push_back({row[0], row[1], engine::QuoteIdentifier(row[0])});
  }
  return relation;
}

/// The engine renames a column whose name came before; the header as it stands in the file shows
/// that there were two.
Result<Relation> DescribeCsv(Workbench& bench, const fs::path& file) {
  CANDOUR_ASSIGN(Relation relation, DescribeRelation(bench, CsvSql(file)));
  CANDOUR_ASSIGN(const auto header,
                 bench.ReadRows("its header", fmt::format("SELECT * FROM {} LIMIT 1",
                                                          CsvSql(file, /*header=*/false))));
  if (header.size() != 1 || header[0].size() != relation.columns.size()) {
    return Fail(ErrorCode::kDataInvalid, "the source could not be read: its header");
  }
  for (std::size_t i = 0; i < header[0].size(); ++i) relation.columns[i].name = header[0][i];
  return relation;
}

/// The JSON pointer of a member (RFC 6901), as a SQL literal.
std::string PointerSql(std::string_view member) {
  std::string pointer = "/";
  for (const char c : member) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return engine::QuoteLiteral(pointer);
}

/// JSON is staged first, since its columns are known only once all of it was read.
Result<Relation> StageJson(Workbench& bench, const fs::path& file) {
  CANDOUR_TRY(bench.Read(
      "as JSON", fmt::format("CREATE TABLE stage.main.json_source AS SELECT json FROM "
                             "read_json_objects({}, format='auto', hive_partitioning=false)",
                             engine::QuoteLiteral(file.string()))));
  CANDOUR_ASSIGN(const std::int64_t others,
                 bench.Count("reading JSON",
                             "SELECT count(*) FROM stage.main.json_source WHERE "
                             "json IS NULL OR json_type(json) <> 'OBJECT'"));
  if (others > 0) {
    return Fail(Error{.code = ErrorCode::kDataInvalid,
                      .message = "the source holds JSON values that are not objects",
                      .expected = "an array of objects, or one object a line",
                      .found = fmt::format("{} other values", others)});
  }
  CANDOUR_ASSIGN(const auto members,
                 bench.Rows("reading JSON",
                            "SELECT DISTINCT unnest(json_keys(json)) AS member FROM "
                            "stage.main.json_source ORDER BY member"));
  Relation relation{.sql = "stage.main.json_source"};
  for (const auto& member : members) {
    relation.columns.push_back(
        {member[0], "VARCHAR",
         fmt::format("json_extract_string(json, {})", PointerSql(member[0]))});
  }
  return relation;
}

Result<StagedSource> StageRelation(Workbench& bench, const catalogue::Dataset& dataset,
                                   const Relation& relation) {
  std::vector<std::string> names;
  for (const SourceColumn& column : relation.columns) names.push_back(column.name);
  CANDOUR_ASSIGN(ColumnMatch match, MatchColumns(dataset, names));
  StagedSource staged{.ignored = std::move(match.ignored)};
  std::vector<std::string> select;
  for (std::size_t i = 0; i < match.column_of.size(); ++i) {
    const SourceColumn& column = relation.columns[match.column_of[i]];
    select.push_back(fmt::format("{} AS c{}", column.sql, i));
    staged.types.push_back(column.type);
  }
  CANDOUR_TRY(bench.Read("its rows", fmt::format("CREATE TABLE stage.main.raw AS SELECT {} FROM {}",
                                                 fmt::join(select, ", "), relation.sql)));
  CANDOUR_ASSIGN(staged.rows, bench.Count("counting rows", "SELECT count(*) FROM stage.main.raw"));
  return staged;
}

Result<StagedSource> StagePostgres(Workbench& bench, const catalogue::Dataset& dataset,
                                   const AllowedSources& allowed, const fs::path& folder) {
  CANDOUR_ASSIGN(const PostgresCopy copy, CopyFromPostgres(dataset, allowed, folder));
  CANDOUR_ASSIGN(const Relation relation, DescribeCsv(bench, copy.csv.path()));
  CANDOUR_ASSIGN(StagedSource staged, StageRelation(bench, dataset, relation));
  staged.ignored = copy.ignored;
  return staged;
}

}  // namespace

Result<StagedSource> StageSource(Workbench& bench, const catalogue::Dataset& dataset,
                                 const AllowedSources& allowed, const fs::path& folder) {
  if (dataset.source.kind == Source::Kind::kPostgres) {
    return StagePostgres(bench, dataset, allowed, folder);
  }
  CANDOUR_ASSIGN(const fs::path file, ResolveSourceFile(dataset, allowed));
  if (dataset.source.kind == Source::Kind::kJson) {
    CANDOUR_ASSIGN(const Relation relation, StageJson(bench, file));
    return StageRelation(bench, dataset, relation);
  }
  if (dataset.source.kind == Source::Kind::kCsv) {
    CANDOUR_ASSIGN(const Relation relation, DescribeCsv(bench, file));
    return StageRelation(bench, dataset, relation);
  }
  CANDOUR_ASSIGN(const Relation relation,
                 DescribeRelation(bench, fmt::format("read_parquet({}, hive_partitioning=false)",
                                                     engine::QuoteLiteral(file.string()))));
  return StageRelation(bench, dataset, relation);
}

}  // namespace candour::intake
