#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/cached_file.h"

namespace candour::storage {

/// The names of the files of a FaultyFilesystem, as the running system sees them, and the changes
/// since their folder was synced (made, renamed, removed), each of which a loss of power may undo.
///
/// Folders are not kept: a path is enough. Threads: one at a time.
class CachedNames {
 public:
  using Path = std::filesystem::path;

  /// The file of that name, or null.
  std::shared_ptr<CachedFile> Find(const Path& name) const;

  void Add(const Path& name, std::shared_ptr<CachedFile> file);
  void Rename(const Path& from, const Path& to);  ///< `from` is there
  void Remove(const Path& name);                  ///< it is there
  void Sync(const Path& folder);
  void SyncAll();      ///< the names in all folders, and the bytes of all files
  void FailSyncAll();  ///< the bytes are met by a sync that fails

  /// The names in a folder, sorted.
  std::vector<std::string> List(const Path& folder) const;

  /// The sizes of all files together.
  std::uint64_t Bytes() const;

  /// What is there after a loss of power, all of it synced.
  void PowerCycle(const Survivors& survivors);

 private:
  using Names = std::map<Path, std::shared_ptr<CachedFile>>;
  struct Change {
    Path gone;  ///< empty: none
    Path made;  ///< empty: none
    std::shared_ptr<CachedFile> file;
  };
  void Make(Change change);

  Names live_;
  Names synced_;
  std::vector<Change> unsynced_;  ///< oldest first
};

}  // namespace candour::storage
