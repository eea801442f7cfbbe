#pragma once

#include <optional>

#include "engine/database.h"
#include "gate/permission_cache.h"

namespace candour::gate {

/// What the door keeps ready from statement to statement, and may lose at any time.
/// It belongs to one choice store. Threads: one at a time.
class Standby {
 public:
  /// An engine that only parses: it has no data and no way to get any.
  /// Errors: kUnavailable. Cost: some milliseconds the first time.
  Result<engine::Database*> Parser() {
    if (!parser_) {
      CANDOUR_ASSIGN(engine::Database parser, OpenParser());
      parser_.emplace(std::move(parser));
    }
    return &*parser_;
  }

  PermissionCache& permissions() { return permissions_; }

 private:
  static Result<engine::Database> OpenParser() {
    CANDOUR_ASSIGN(engine::Database parser,
                   engine::Database::Open({.memory_mb = 512, .threads = 1}));
    CANDOUR_TRY(parser.Lock());
    return parser;
  }

  std::optional<engine::Database> parser_;
  PermissionCache permissions_;
};

}  // namespace candour::gate
