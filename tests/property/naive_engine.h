#pragma once

#include <optional>
#include <string>
#include <vector>

#include "property/query_grammar.h"
#include "property/random_shop.h"

namespace candour::door {

/// Rows as sorted lines of text, so that two answers can be compared as multisets. Floating-point
/// numbers keep nine digits: the order of adding up differs.
std::vector<std::string> SortedRows(const std::vector<std::vector<engine::Value>>& rows);

/// A plain engine, with no part of the door, over the tables as a use may see them.
class NaiveEngine {
 public:
  NaiveEngine(RandomShop& shop, const policy::Use& use);

  /// What the statement gives; nothing when it fails.
  std::optional<std::vector<std::string>> Rows(const std::string& sql);

  engine::Table Table(const std::string& sql) { return Must(engine_.Query(sql)); }

  /// The tables as the grammar names them.
  const std::vector<QueryTable>& Tables() const { return tables_; }

 private:
  engine::Database engine_;
  std::vector<QueryTable> tables_;
};

}  // namespace candour::door
