// Random queries for figures about people: every figure that shows equals the naive one and has
// enough people behind it, and every other cell is null.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "door/quick_door.h"
#include "property/figure_query.h"

namespace candour::door {
namespace {

constexpr std::uint32_t kWorlds = 17;
constexpr int kStatesPerWorld = 4;
constexpr int kQueriesPerState = 100;

/// Each world's number is the seed of all that is random in it.
class FiguresProperty : public testing::TestWithParam<std::uint32_t> {};

using People = std::set<std::string>;

/// A cell of a table of figures, worked out by a plain engine and a loop.
struct NaiveCell {
  std::vector<std::string> keys;
  std::vector<double> figures;
  std::vector<People> people;
  bool folds = false;
};

std::string TextOf(const engine::Value& value) {
  return value.index() == 0 ? "null" : engine::ToText(value);
}

double NumberOf(const engine::Value& value) {
  return value.index() == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : std::stod(engine::ToText(value));
}

People Split(const engine::Value& value) {
  People people;
  const std::string text = engine::ToText(value);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    people.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return people;
}

std::vector<NaiveCell> CellsOf(NaiveEngine& naive, const FigureQuery& query, int threshold) {
  std::vector<std::string> list;
  for (const std::string& key : query.keys) list.push_back(key);
  for (const NaiveFigure& figure : query.figures) {
    list.push_back(fmt::format("CAST({} AS DOUBLE)", figure.plain));
    list.push_back(
        fmt::format("string_agg(DISTINCT {}, ',') FILTER (WHERE {})", query.person, figure.counts));
  }
  std::string sql = fmt::format("SELECT {} {}", fmt::join(list, ", "), query.from);
  if (!query.keys.empty()) sql += fmt::format(" GROUP BY {}", fmt::join(query.keys, ", "));
  std::vector<NaiveCell> cells;
  for (const auto& row : naive.Table(sql).rows) {
    NaiveCell cell;
    std::size_t at = 0;
    while (at < query.keys.size()) cell.keys.push_back(TextOf(row[at++]));
    bool small = true;
    for (std::size_t f = 0; f < query.figures.size(); ++f) {
      cell.figures.push_back(NumberOf(row[at++]));
      cell.people.push_back(Split(row[at++]));
      small &= static_cast<int>(cell.people.back().size()) < threshold;
    }
    cell.folds = small && !query.public_keys;
    cells.push_back(std::move(cell));
  }
  return cells;
}

/// What all folded cells are together.
NaiveCell Folded(const std::vector<NaiveCell>& cells, const FigureQuery& query) {
  NaiveCell all;
  all.keys.assign(query.keys.size(), "null");
  for (std::size_t f = 0; f < query.figures.size(); ++f) {
    double sum = 0;
    People people;
    for (const NaiveCell& cell : cells) {
      if (!cell.folds) continue;
      if (!std::isnan(cell.figures[f])) sum += cell.figures[f];
      people.insert(cell.people[f].begin(), cell.people[f].end());
    }
    all.figures.push_back(query.figures[f].people ? static_cast<double>(people.size()) : sum);
    all.people.push_back(std::move(people));
  }
  all.folds = true;
  return all;
}

struct Seen {
  int shown = 0;
  int small = 0;
  int complement = 0;
  int refused = 0;
};

void CheckCell(const NaiveCell& cell, const FigureQuery& query, const Answer& answer,
               std::size_t row, int threshold, Seen& seen) {
  for (std::size_t f = 0; f < query.figures.size(); ++f) {
    const std::size_t column = query.keys.size() + f;
    const engine::Value& value = answer.rows[row][column];
    const gate::Protection& mark = answer.protections[row][column];
    const NaiveFigure& figure = query.figures[f];
    const bool adds_up = !cell.folds || figure.additive || figure.people;
    if (static_cast<int>(cell.people[f].size()) < threshold || !adds_up) {
      EXPECT_EQ(value.index(), 0U) << "a figure of " << cell.people[f].size() << " people shows";
      EXPECT_EQ(mark, "small");
      ++seen.small;
    } else if (mark == "complement") {
      EXPECT_EQ(value.index(), 0U);
      ++seen.complement;
    } else {
      EXPECT_EQ(mark, "");
      EXPECT_NEAR(NumberOf(value), cell.figures[f], 1e-6 * (1 + std::abs(cell.figures[f])));
      ++seen.shown;
    }
  }
}

void CheckAnswer(std::vector<NaiveCell> cells, const FigureQuery& query, const Answer& answer,
                 int threshold, Seen& seen) {
  const bool any_folds = std::ranges::any_of(cells, &NaiveCell::folds);
  if (any_folds) {
    const NaiveCell folded = Folded(cells, query);
    std::erase_if(cells, &NaiveCell::folds);
    cells.push_back(folded);
  }
  ASSERT_EQ(answer.rows.size(), cells.size());
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    std::vector<std::string> keys;
    for (std::size_t k = 0; k < query.keys.size(); ++k) keys.push_back(TextOf(answer.rows[row][k]));
    // The row of the folded cells is the last; its keys are null, as a cell's own may be.
    const bool folded = any_folds && row + 1 == answer.rows.size();
    const auto cell = std::ranges::find_if(cells, [&](const NaiveCell& candidate) {
      return candidate.keys == keys && candidate.folds == folded;
    });
    ASSERT_NE(cell, cells.end()) << "a key that should not show";
    CheckCell(*cell, query, answer, row, threshold, seen);
  }
}

/// Expressions, conditions and totals over the figures see what was published and no more.
void CheckAbove(QuickDoor& door, const FigureQuery& query, const Answer& published) {
  const Answer above =
      door.Ask(fmt::format("WITH f AS ({}) SELECT count(*) AS n, sum(f0) AS s, count(f0) AS c, "
                           "min(f0) AS m FROM f WHERE "
                           "f0 > 3 OR f0 IS NULL",
                           query.Sql()));
  ASSERT_TRUE(above.ok()) << above.error->ToString();
  double sum = 0;
  int rows = 0;
  int values = 0;
  for (const auto& row : published.rows) {
    const double value = NumberOf(row[query.keys.size()]);
    if (!std::isnan(value) && value <= 3) continue;
    ++rows;
    if (std::isnan(value)) continue;
    ++values;
    sum += value;
  }
  EXPECT_EQ(TextOf(above.rows[0][0]), fmt::format("{}", rows));
  EXPECT_EQ(TextOf(above.rows[0][2]), fmt::format("{}", values));
  if (values == 0) return;
  EXPECT_NEAR(NumberOf(above.rows[0][1]), sum, 1e-6 * (1 + std::abs(sum)));
}

TEST_P(FiguresProperty, OnlyFiguresOfEnoughPeopleShowAndTheyAreRight) {
  Seen seen;
  RandomShop shop(GetParam());
  for (int state = 0; state < kStatesPerWorld; ++state) {
    shop.Change();
    const std::size_t number = shop.AddUse(policy::Output::kAggregates);
    const policy::Use use = shop.organisation().uses[number];
    QuickDoor door(shop.organisation().Setting(), use.id);
    NaiveEngine naive(shop, use);
    FigureGrammar grammar(shop.dice(), shop, use, naive.Tables());
    for (int i = 0; i < kQueriesPerState; ++i) {
      const FigureQuery query = grammar.Draw();
      SCOPED_TRACE(fmt::format("seed {} state {}: {}", GetParam(), state, query.Sql()));
      const Answer answer = door.Ask(query.Sql());
      if (answer.error) {
        ++seen.refused;
        ASSERT_NE(answer.error->code, ErrorCode::kDataInvalid) << answer.error->ToString();
        ASSERT_NE(answer.error->code, ErrorCode::kInternal) << answer.error->ToString();
        continue;
      }
      CheckAnswer(CellsOf(naive, query, use.threshold), query, answer, use.threshold, seen);
      if (i % 3 == 0) CheckAbove(door, query, answer);
      if (testing::Test::HasFailure()) return;
    }
  }
  fmt::print("{} shown, {} small, {} complement; {} queries refused\n", seen.shown, seen.small,
             seen.complement, seen.refused);
  EXPECT_GT(seen.shown, 50);
  EXPECT_GT(seen.small, 50);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FiguresProperty, testing::Range(1001U, 1001U + kWorlds));

}  // namespace
}  // namespace candour::door
