#include "storage/cached_names.h"

#include <algorithm>

namespace candour::storage {
namespace {

template <class Change, class Names>
void Apply(const Change& change, Names& names) {
  if (!change.gone.empty()) names.erase(change.gone);
  if (!change.made.empty()) names[change.made] = change.file;
}

}  // namespace

std::shared_ptr<CachedFile> CachedNames::Find(const Path& name) const {
  const auto it = live_.find(name);
  return it == live_.end() ? nullptr : it->second;
}

void CachedNames::Make(Change change) {
  Apply(change, live_);
  unsynced_.push_back(std::move(change));
}

void CachedNames::Add(const Path& name, std::shared_ptr<CachedFile> file) {
  Make({.made = name, .file = std::move(file)});
}

void CachedNames::Rename(const Path& from, const Path& to) {
  Make({.gone = from, .made = to, .file = Find(from)});
}

void CachedNames::Remove(const Path& name) { Make({.gone = name}); }

void CachedNames::Sync(const Path& folder) {
  std::erase_if(unsynced_, [&](const Change& change) {
    const Path& name = change.made.empty() ? change.gone : change.made;
    if (name.parent_path() != folder) return false;
    Apply(change, synced_);
    return true;
  });
}

void CachedNames::SyncAll() {
  for (const auto& [name, file] : live_) file->Sync();
  for (const Change& change : unsynced_) Apply(change, synced_);
  unsynced_.clear();
}

void CachedNames::FailSyncAll() {
  for (const auto& [name, file] : live_) file->FailSync();
}

std::vector<std::string> CachedNames::List(const Path& folder) const {
  std::vector<std::string> names;
  for (const auto& [name, file] : live_) {
    if (name.parent_path() == folder) names.push_back(name.filename().string());
  }
  return names;
}

std::uint64_t CachedNames::Bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, file] : live_) bytes += file->bytes().size();
  return bytes;
}

void CachedNames::PowerCycle(const Survivors& survivors) {
  std::mt19937_64 random(survivors.seed);
  for (const Change& change : unsynced_) {
    const bool made = survivors.seed != 0 ? random() % 2 == 0 : survivors.names;
    if (made) Apply(change, synced_);
  }
  unsynced_.clear();
  for (auto& [name, file] : synced_) {
    file = std::make_shared<CachedFile>(file->AfterPowerCut(survivors, random));
  }
  live_ = synced_;
}

}  // namespace candour::storage
