#pragma once

#include "engine/database.h"
#include "engine/duckdb_handle.h"

namespace candour::engine {

/// What a Database owns; for the files of this floor only.
struct Database::State {
  std::vector<SealedFile> sealed;  ///< what is attached; goes after the engine has closed it
  OwnedDatabase database;
  OwnedConnection connection;
};

}  // namespace candour::engine
