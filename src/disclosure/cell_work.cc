#include "disclosure/cell_work.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/check.h"

namespace candour::disclosure {
namespace {

using engine::QuoteIdentifier;

// The engine's own text may quote a figure, so none of it goes on.
std::unexpected<Error> Unprotected() {
  return Fail(ErrorCode::kInternal, "The table of figures could not be protected.");
}

std::string TooFew(const FigureColumn& figure, int threshold) {
  return fmt::format("coalesce(len(r.{}), 0) < {}", QuoteIdentifier(figure.people), threshold);
}

/// SQL for the different people behind a figure in the cells that meet `condition`. It is exact
/// where all these cells are protected, as their lists are complete.
std::string PeopleWhere(std::size_t figure, std::string_view condition) {
  return fmt::format("list_distinct(flatten(list(p{}) FILTER ({})))", figure, condition);
}

/// SQL for how many they are.
std::string CountPeopleWhere(std::size_t figure, std::string_view condition) {
  return fmt::format("coalesce(len({}), 0)", PeopleWhere(figure, condition));
}

}  // namespace

CellWork::CellWork(engine::Database& engine, const CellTable& cells)
    : engine_(engine),
      cells_(cells),
      scratch_(QuoteIdentifier(cells.raw + "/cells")),
      complement_(cells.figures.size(), 0) {
  CANDOUR_REQUIRE(cells.threshold >= 1);
}

Status CellWork::Run(std::string_view sql) {
  if (!engine_.Run(sql)) return Unprotected();
  return {};
}

Result<std::vector<std::int64_t>> CellWork::Numbers(std::string_view sql) {
  const auto table = engine_.Query(sql);
  if (!table || table->rows.size() != 1) return Unprotected();
  std::vector<std::int64_t> numbers;
  for (const engine::Value& value : table->rows[0]) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr) return Unprotected();
    numbers.push_back(*number);
  }
  return numbers;
}

/// Whether a raw row folds: its key is a secret and no figure of it has enough people to show it.
std::string CellWork::Folds() const {
  if (std::ranges::all_of(cells_.keys, &KeyColumn::public_domain)) return "false";
  std::string condition = "true";
  for (const FigureColumn& figure : cells_.figures) {
    condition += " AND " + TooFew(figure, cells_.threshold);
  }
  return condition;
}

Status CellWork::Mark() {
  std::vector<std::string> columns;
  std::vector<std::string> order;
  for (std::size_t i = 0; i < cells_.keys.size(); ++i) {
    const std::string key = "r." + QuoteIdentifier(cells_.keys[i].name);
    columns.push_back(fmt::format("{} AS k{}", key, i));
    order.push_back(key + " ASC NULLS LAST");
  }
  for (std::size_t i = 0; i < cells_.figures.size(); ++i) {
    const FigureColumn& figure = cells_.figures[i];
    columns.push_back(fmt::format("r.{} AS v{}, coalesce(r.{}, []::UINTEGER[]) AS p{}, {} AS s{}",
                                  QuoteIdentifier(figure.name), i, QuoteIdentifier(figure.people),
                                  i, TooFew(figure, cells_.threshold), i));
  }
  columns.push_back(fmt::format("{} AS folds", Folds()));
  const std::string by_key =
      order.empty() ? "" : fmt::format("ORDER BY {}", fmt::join(order, ", "));
  return Run(fmt::format("CREATE TABLE {} AS SELECT row_number() OVER ({}) AS cell, {} FROM {} r",
                         scratch_, by_key, fmt::join(columns, ", "), QuoteIdentifier(cells_.raw)));
}

/// Value, people and mark of a figure in the folded row, which has `people` behind that figure.
/// The cells are added up only where the sum may show, so that not even an overflow tells of it.
std::string CellWork::FoldedFigure(std::size_t figure, std::int64_t people) const {
  const FigureColumn& column = cells_.figures[figure];
  const bool enough = people >= cells_.threshold;
  std::string value = "NULL";
  if (enough && column.counts_people) {
    value = fmt::format("{}", people);
  } else if (enough && column.additive) {
    value = fmt::format("sum(v{} ORDER BY cell)", figure);
  }
  const bool shown = enough && (column.additive || column.counts_people);
  return fmt::format("{}, {}, {}", value, PeopleWhere(figure, "folds"), !shown);
}

Status CellWork::Fold() {
  std::string counts = "SELECT count(*), count(*) FILTER (folds)";
  for (std::size_t i = 0; i < cells_.figures.size(); ++i)
    counts += ", " + CountPeopleWhere(i, "folds");
  CANDOUR_ASSIGN(const std::vector<std::int64_t> numbers, Numbers(counts + " FROM " + scratch_));
  if (numbers[1] == 0) return {};

  std::string row = fmt::format("{}", numbers[0] + 1);
  for (std::size_t i = 0; i < cells_.keys.size(); ++i) row += ", NULL";
  for (std::size_t i = 0; i < cells_.figures.size(); ++i) {
    row += ", " + FoldedFigure(i, numbers[i + 2]);
  }
  // The limit is for a table without figures, whose row would be repeated for each cell.
  CANDOUR_TRY(Run(fmt::format("INSERT INTO {0} SELECT {1}, false FROM {0} WHERE folds LIMIT 1",
                              scratch_, row)));
  return Run(fmt::format("DELETE FROM {} WHERE folds", scratch_));
}

/// The cell that covers a figure's protected cells. One that covers another figure already comes
/// first: a mean beside a shown count would give back the sum that is protected.
Result<std::int64_t> CellWork::PickComplement(std::size_t figure) {
  CANDOUR_ASSIGN(const std::vector<std::int64_t> picked,
                 Numbers(fmt::format(
                     "SELECT cell FROM {} WHERE NOT s{} ORDER BY cell NOT IN ({}), v{} IS NULL, "
                     "abs(CAST(v{} AS DOUBLE)), cell LIMIT 1",
                     scratch_, figure, fmt::join(complement_, ", "), figure, figure)));
  return picked[0];
}

Status CellWork::Complement() {
  std::string counts = "SELECT count(*)";
  for (std::size_t i = 0; i < cells_.figures.size(); ++i) {
    const std::string small = fmt::format("s{}", i);
    counts += fmt::format(", count(*) FILTER ({}), {}", small, CountPeopleWhere(i, small));
  }
  CANDOUR_ASSIGN(const std::vector<std::int64_t> numbers, Numbers(counts + " FROM " + scratch_));
  for (std::size_t i = 0; i < cells_.figures.size(); ++i) {
    const std::int64_t hidden = numbers[1 + 2 * i];
    const std::int64_t people = numbers[2 + 2 * i];
    const bool some_of_each = hidden > 0 && hidden < numbers[0];
    if (!some_of_each || people >= cells_.threshold) continue;
    CANDOUR_ASSIGN(complement_[i], PickComplement(i));
  }
  return {};
}

Status CellWork::Write() {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < cells_.keys.size(); ++i) {
    columns.push_back(fmt::format("k{} AS {}", i, QuoteIdentifier(cells_.keys[i].name)));
  }
  for (std::size_t i = 0; i < cells_.figures.size(); ++i) {
    const FigureColumn& figure = cells_.figures[i];
    columns.push_back(fmt::format(
        "CASE WHEN s{0} OR cell = {1} THEN NULL ELSE v{0} END AS {2}, "
        "CASE WHEN s{0} THEN 'small' WHEN cell = {1} THEN 'complement' END AS {3}",
        i, complement_[i], QuoteIdentifier(figure.name), QuoteIdentifier(figure.companion)));
  }
  return Run(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} ORDER BY cell",
                         QuoteIdentifier(cells_.published), fmt::join(columns, ", "), scratch_));
}

Status CellWork::Drop() {
  CANDOUR_TRY(Run(fmt::format("DROP TABLE IF EXISTS {}", scratch_)));
  return Run(fmt::format("DROP TABLE IF EXISTS {}", QuoteIdentifier(cells_.raw)));
}

}  // namespace candour::disclosure
