#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "disclosure/protect.h"

namespace candour::disclosure {

/// A figure of one raw cell, for tests: its value and everybody behind it.
struct TestFigure {
  std::optional<std::int64_t> value;
  std::set<int> people;
};

/// One raw cell, for tests. A missing key is null.
struct TestCell {
  std::vector<std::optional<std::string>> keys;
  std::vector<TestFigure> figures;
};

inline std::set<int> People(int first, int count) {
  std::set<int> people;
  for (int i = 0; i < count; ++i) people.insert(first + i);
  return people;
}

inline engine::Database OpenLocked() {
  auto database = engine::Database::Open({.memory_mb = 512});
  EXPECT_TRUE(database) << database.error().ToString();
  EXPECT_TRUE(database->Lock());
  return *std::move(database);
}

/// Tables "raw" and "published" with keys "key 0" … and figures "figure 0" ….
inline CellTable Shape(std::vector<bool> public_keys, std::vector<FigureColumn> figures,
                       int threshold) {
  CellTable table{.raw = "raw", .published = "published", .threshold = threshold};
  for (const bool is_public : public_keys) {
    table.keys.push_back({fmt::format("key {}", table.keys.size()), is_public});
  }
  for (FigureColumn& figure : figures) {
    const std::size_t i = table.figures.size();
    figure.name = fmt::format("figure {}", i);
    figure.people = fmt::format("people {}", i);
    figure.companion = fmt::format("why {}", i);
    table.figures.push_back(figure);
  }
  return table;
}

inline std::string SqlOf(const TestCell& cell, int threshold) {
  std::vector<std::string> values;
  for (const auto& key : cell.keys) values.push_back(key ? engine::QuoteLiteral(*key) : "NULL");
  for (const TestFigure& figure : cell.figures) {
    values.push_back(figure.value ? fmt::format("{}", *figure.value) : "NULL");
    std::vector<int> listed(figure.people.begin(), figure.people.end());
    if (listed.size() > static_cast<std::size_t>(threshold)) {
      listed.resize(static_cast<std::size_t>(threshold));
    }
    // Nobody behind a figure may come as null or as an empty list.
    const bool none = listed.empty() && figure.value;
    values.push_back(none ? "NULL" : fmt::format("[{}]", fmt::join(listed, ", ")));
  }
  return fmt::format("({})", fmt::join(values, ", "));
}

/// Makes the raw table of `cells`, in the order they come.
inline void MakeRaw(engine::Database& engine, const CellTable& shape,
                    const std::vector<TestCell>& cells) {
  std::vector<std::string> columns;
  for (const KeyColumn& key : shape.keys) {
    columns.push_back(engine::QuoteIdentifier(key.name) + " VARCHAR");
  }
  for (const FigureColumn& figure : shape.figures) {
    columns.push_back(fmt::format("{} BIGINT, {} UINTEGER[]", engine::QuoteIdentifier(figure.name),
                                  engine::QuoteIdentifier(figure.people)));
  }
  ASSERT_TRUE(engine.Run(fmt::format("CREATE TABLE raw ({})", fmt::join(columns, ", "))));
  if (cells.empty()) return;
  std::vector<std::string> rows;
  for (const TestCell& cell : cells) rows.push_back(SqlOf(cell, shape.threshold));
  const Status inserted =
      engine.Run(fmt::format("INSERT INTO raw VALUES {}", fmt::join(rows, ", ")));
  ASSERT_TRUE(inserted) << inserted.error().ToString();
}

using TextRows = std::vector<std::vector<std::string>>;

/// The rows of a table as text, null as "".
inline TextRows RowsOf(engine::Database& engine, std::string_view table) {
  auto result = engine.Query(fmt::format("FROM {}", engine::QuoteIdentifier(table)));
  EXPECT_TRUE(result) << result.error().ToString();
  TextRows rows;
  if (!result) return rows;
  for (const auto& row : result->rows) {
    std::vector<std::string> texts;
    for (const engine::Value& value : row) texts.push_back(engine::ToText(value));
    rows.push_back(std::move(texts));
  }
  return rows;
}

/// Publishes `cells` in an engine that holds no other table of these names.
inline TextRows PublishedRows(engine::Database& engine, const CellTable& shape,
                              const std::vector<TestCell>& cells) {
  MakeRaw(engine, shape, cells);
  const Status published = Publish(engine, shape);
  EXPECT_TRUE(published) << published.error().ToString();
  return published ? RowsOf(engine, "published") : TextRows{};
}

/// Publishes `cells` in a fresh engine.
inline TextRows PublishedRows(const CellTable& shape, const std::vector<TestCell>& cells) {
  engine::Database engine = OpenLocked();
  return PublishedRows(engine, shape, cells);
}

}  // namespace candour::disclosure
