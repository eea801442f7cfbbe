#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/database.h"
#include "gate/tree.h"

namespace candour::gate {

/// Longest statement that is read, in bytes, and largest tree, in nodes.
inline constexpr std::size_t kMaxSqlBytes = 100'000;
inline constexpr std::size_t kMaxSqlNodes = 20'000;

/// Text to tree and back, by the engine's own parser, so that the door and the engine cannot read
/// the same text differently. The text is handed over as a value and never run.
///
/// `engine`: a locked database without any data. Threads: one at a time.
class Syntax {
 public:
  explicit Syntax(engine::Database& engine) : engine_(engine) {}

  /// The node of exactly one SELECT statement. Errors: kSqlSyntax with line and column.
  Result<Json> Parse(std::string_view sql);

  /// The text of a tree; refused unless it reads back as the same tree.
  /// Errors: kDeniedConstruct when the engine cannot write it faithfully.
  Result<std::string> Print(const Json& node);

 private:
  engine::Database& engine_;
};

/// The line and column in `sql` of a tree node's `query_location`.
Where PlaceOf(std::string_view sql, const Json& node);

}  // namespace candour::gate
