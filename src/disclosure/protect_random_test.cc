// Random tables against a model that follows the rules of docs/algorithms/small_counts.md one cell
// at a time, and against an attacker who knows the totals.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "disclosure/test_cells.h"

namespace candour::disclosure {
namespace {

using testing::ElementsAreArray;

constexpr int kRounds = 200;

/// What the model knows of a published figure.
struct ModelFigure {
  std::optional<std::int64_t> value;
  std::set<int> people;
  std::string why;
};

struct ModelRow {
  std::vector<std::optional<std::string>> keys;
  std::vector<ModelFigure> figures;
};

bool IsSmall(const std::set<int>& people, const CellTable& shape) {
  return people.size() < static_cast<std::size_t>(shape.threshold);
}

bool ShowsItsKey(const TestCell& cell, const CellTable& shape) {
  return std::ranges::all_of(shape.keys, &KeyColumn::public_domain) ||
         std::ranges::any_of(cell.figures,
                             [&](const TestFigure& f) { return !IsSmall(f.people, shape); });
}

ModelFigure FoldFigure(const CellTable& shape, const std::vector<TestCell>& cells, std::size_t i) {
  ModelFigure folded;
  for (const TestCell& cell : cells) {
    folded.people.insert(cell.figures[i].people.begin(), cell.figures[i].people.end());
  }
  const FigureColumn& column = shape.figures[i];
  if (IsSmall(folded.people, shape) || !(column.additive || column.counts_people)) {
    folded.why = "small";
  } else if (column.counts_people) {
    folded.value = static_cast<std::int64_t>(folded.people.size());
  } else {
    for (const TestCell& cell : cells) {
      const auto& value = cell.figures[i].value;
      if (value) folded.value = folded.value.value_or(0) + *value;
    }
  }
  return folded;
}

/// Missing keys and values come after all others, as in the published order.
template <class T>
std::pair<bool, T> MissingLast(const std::optional<T>& value) {
  return {!value.has_value(), value.value_or(T{})};
}

bool ComesBefore(const TestCell& a, const TestCell& b) {
  for (std::size_t i = 0; i < a.keys.size(); ++i) {
    const auto x = MissingLast(a.keys[i]);
    const auto y = MissingLast(b.keys[i]);
    if (x != y) return x < y;
  }
  return false;
}

void Cover(const CellTable& shape, std::size_t i, std::vector<ModelRow>& rows,
           std::set<std::size_t>& covering) {
  std::set<int> hidden;
  std::optional<std::size_t> best;
  bool any_hidden = false;
  const auto rank = [&](std::size_t r) {
    const auto value = MissingLast(rows[r].figures[i].value);
    return std::tuple(!covering.contains(r), value.first, std::abs(value.second), r);
  };
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const ModelFigure& figure = rows[r].figures[i];
    if (!figure.why.empty()) {
      any_hidden = true;
      hidden.insert(figure.people.begin(), figure.people.end());
    } else if (!best || rank(r) < rank(*best)) {
      best = r;
    }
  }
  if (!any_hidden || !best || !IsSmall(hidden, shape)) return;
  rows[*best].figures[i].why = "complement";
  covering.insert(*best);
}

std::vector<ModelRow> PublishByModel(const CellTable& shape, std::vector<TestCell> cells) {
  std::ranges::sort(cells, ComesBefore);
  std::vector<ModelRow> rows;
  std::vector<TestCell> folded;
  for (const TestCell& cell : cells) {
    if (!ShowsItsKey(cell, shape)) {
      folded.push_back(cell);
      continue;
    }
    ModelRow row{.keys = cell.keys};
    for (const TestFigure& f : cell.figures) {
      row.figures.push_back({f.value, f.people, IsSmall(f.people, shape) ? "small" : ""});
    }
    rows.push_back(std::move(row));
  }
  if (!folded.empty()) {
    ModelRow row;
    row.keys.resize(shape.keys.size());
    for (std::size_t i = 0; i < shape.figures.size(); ++i) {
      row.figures.push_back(FoldFigure(shape, folded, i));
    }
    rows.push_back(std::move(row));
  }
  std::set<std::size_t> covering;
  for (std::size_t i = 0; i < shape.figures.size(); ++i) Cover(shape, i, rows, covering);
  return rows;
}

TextRows TextOf(const std::vector<ModelRow>& rows) {
  TextRows texts;
  for (const ModelRow& row : rows) {
    std::vector<std::string> text;
    for (const auto& key : row.keys) text.push_back(key.value_or(""));
    for (const ModelFigure& figure : row.figures) {
      const bool shown = figure.why.empty() && figure.value;
      text.push_back(shown ? fmt::format("{}", *figure.value) : "");
      text.push_back(figure.why);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

/// Random tables; the same seed gives the same table.
class RandomTables {
 public:
  explicit RandomTables(int seed) : random_(static_cast<unsigned>(seed)) {}

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  /// A table's shape: up to two keys, one to three figures of any kind.
  CellTable AnyShape() {
    std::vector<bool> keys;
    for (int i = Below(3); i > 0; --i) keys.push_back(Below(2) == 0);
    std::vector<FigureColumn> figures;
    for (int i = 1 + Below(3); i > 0; --i) {
      const int kind = Below(3);
      figures.push_back({.additive = kind == 0, .counts_people = kind == 1});
    }
    return Shape(keys, figures, 2 + Below(4));
  }

  std::set<int> AnyPeople(int threshold) {
    // Few people among few, so that groups overlap and often lie at the threshold.
    const int wanted = Below(threshold + 3);
    std::set<int> people;
    for (int i = 0; i < wanted; ++i) people.insert(1 + Below(2 * threshold + 2));
    return people;
  }

  std::vector<TestCell> AnyCells(const CellTable& shape) {
    std::vector<TestCell> cells;
    const int wanted = shape.keys.empty() ? Below(2) : Below(9);
    std::set<std::vector<std::optional<std::string>>> seen;
    for (int i = 0; i < wanted; ++i) {
      TestCell cell;
      for (std::size_t k = 0; k < shape.keys.size(); ++k) cell.keys.push_back(AnyKey());
      if (!seen.insert(cell.keys).second) continue;
      for (const FigureColumn& figure : shape.figures) cell.figures.push_back(Any(figure, shape));
      cells.push_back(std::move(cell));
    }
    return cells;
  }

 private:
  std::optional<std::string> AnyKey() {
    const int key = Below(8);
    if (key == 0) return std::nullopt;
    return std::string(1, static_cast<char>('a' + key));
  }

  TestFigure Any(const FigureColumn& figure, const CellTable& shape) {
    TestFigure any{.people = AnyPeople(shape.threshold)};
    if (figure.counts_people) {
      any.value = static_cast<std::int64_t>(any.people.size());
    } else if (Below(8) != 0) {
      any.value = Below(21) - 10;
    }
    return any;
  }

  std::mt19937 random_;
};

/// One engine for all rounds: starting one costs more than publishing a table.
class PublishRandomTest : public testing::Test {
 protected:
  TextRows Published(const CellTable& shape, const std::vector<TestCell>& cells) {
    TextRows rows = PublishedRows(engine_, shape, cells);
    EXPECT_TRUE(engine_.Run("DROP TABLE published"));
    return rows;
  }

 private:
  engine::Database engine_ = OpenLocked();
};

TEST_F(PublishRandomTest, MeetsTheModelOnEveryTable) {
  for (int seed = 0; seed < kRounds; ++seed) {
    RandomTables random(seed);
    const CellTable shape = random.AnyShape();
    const std::vector<TestCell> cells = random.AnyCells(shape);
    ASSERT_THAT(Published(shape, cells), ElementsAreArray(TextOf(PublishByModel(shape, cells))))
        << "seed " << seed;
  }
}

TEST_F(PublishRandomTest, TheOrderOfTheRawRowsDoesNotShow) {
  for (int seed = 0; seed < 50; ++seed) {
    RandomTables random(seed);
    const CellTable shape = random.AnyShape();
    std::vector<TestCell> cells = random.AnyCells(shape);
    const TextRows once = Published(shape, cells);
    std::ranges::reverse(cells);
    ASSERT_EQ(Published(shape, cells), once) << "seed " << seed;
  }
}

/// One published row as the attacker sees it, with the people it is about, whom he does not know.
struct SeenRow {
  std::vector<bool> known;  ///< per figure
  std::set<int> people;
};

/// Matches the published rows to the raw cells, all of whose figures have the same people.
std::vector<SeenRow> Seen(const CellTable& shape, const std::vector<TestCell>& cells,
                          const TextRows& published) {
  std::map<std::string, std::set<int>> by_key;
  std::set<int> others;
  for (const TestCell& cell : cells) {
    const auto& people = cell.figures[0].people;
    by_key[*cell.keys[0]] = people;
    if (!ShowsItsKey(cell, shape)) others.insert(people.begin(), people.end());
  }
  std::vector<SeenRow> rows;
  for (const auto& texts : published) {
    SeenRow row{.people = texts[0].empty() ? others : by_key.at(texts[0])};
    for (std::size_t i = 0; i < shape.figures.size(); ++i) {
      row.known.push_back(texts[2 + 2 * i].empty());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The attacker has the total of each figure, and knows that a mean is a sum over a count. What he
/// gains by subtraction must be about at least the threshold's number of people.
void ExpectNothingSmallDerived(const CellTable& shape, std::vector<SeenRow> rows) {
  for (SeenRow& row : rows) {
    if (std::ranges::count(row.known, true) == 2) row.known.assign(3, true);
  }
  for (std::size_t i = 0; i < shape.figures.size(); ++i) {
    std::set<int> rest;
    bool any_known = false;
    bool all_known = true;
    for (const SeenRow& row : rows) {
      any_known = any_known || row.known[i];
      all_known = all_known && row.known[i];
      if (row.known[i]) {
        EXPECT_FALSE(IsSmall(row.people, shape)) << "figure " << i << " shown";
      } else {
        rest.insert(row.people.begin(), row.people.end());
      }
    }
    if (any_known && !all_known) {
      EXPECT_FALSE(IsSmall(rest, shape)) << "figure " << i << " derived";
    }
  }
}

TEST_F(PublishRandomTest, TotalsAndMeansGiveNoSmallGroupAway) {
  for (int seed = 0; seed < kRounds; ++seed) {
    RandomTables random(seed);
    // A sum, a count and a mean of the same people, as an analyst asks for them together.
    const CellTable shape = Shape(
        {random.Below(2) == 0}, {{.additive = true}, {.additive = true}, {}}, 2 + random.Below(4));
    std::vector<TestCell> cells;
    const int groups = 1 + random.Below(8);
    for (int g = 0; g < groups; ++g) {
      const std::set<int> people = random.AnyPeople(shape.threshold);
      const auto count = static_cast<std::int64_t>(people.size());
      const std::int64_t mean = random.Below(41) - 20;
      cells.push_back({{std::string(1, static_cast<char>('a' + g))},
                       {{mean * count, people}, {count, people}, {mean, people}}});
    }
    SCOPED_TRACE(fmt::format("seed {}", seed));
    ExpectNothingSmallDerived(shape, Seen(shape, cells, Published(shape, cells)));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace candour::disclosure
