#include "storage/cached_file.h"

#include <algorithm>

namespace candour::storage {
namespace {

void Put(std::string_view bytes, std::size_t offset, std::string& file) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size(), '\0');
  file.replace(offset, bytes.size(), bytes);
}

/// Puts some of the sectors that a write of `bytes` at `offset` touches into `file`.
void PutSomeSectors(std::string_view bytes, std::size_t offset, std::mt19937_64& random,
                    std::string& file) {
  while (!bytes.empty()) {
    const std::size_t in_sector =
        std::min(bytes.size(), CachedFile::kSectorBytes - offset % CachedFile::kSectorBytes);
    if (random() % 2 == 0) Put(bytes.substr(0, in_sector), offset, file);
    bytes.remove_prefix(in_sector);
    offset += in_sector;
  }
}

}  // namespace

void CachedFile::Append(std::string_view bytes) {
  if (bytes.empty()) return;
  unsynced_.push_back({.offset = bytes_.size(), .bytes = std::string(bytes)});
  bytes_ += bytes;
}

void CachedFile::Truncate() {
  if (bytes_.empty()) return;
  unsynced_.push_back({.truncates = true});
  bytes_.clear();
}

void CachedFile::Sync() {
  std::vector<Change> given_up;
  for (Change& change : unsynced_) {
    if (change.truncates) {
      given_up.clear();
      synced_.clear();
    } else if (change.given_up) {
      given_up.push_back(std::move(change));
    } else {
      Put(change.bytes, change.offset, synced_);
    }
  }
  unsynced_ = std::move(given_up);
}

void CachedFile::FailSync() {
  // Shortening is a matter of names and sizes, which file systems keep in a journal of their own.
  const auto newest = std::find_if(unsynced_.rbegin(), unsynced_.rend(),
                                   [](const Change& change) { return change.truncates; });
  if (newest != unsynced_.rend()) {
    unsynced_.erase(unsynced_.begin(), newest.base());
    synced_.clear();
  }
  for (Change& change : unsynced_) change.given_up = true;
}

void CachedFile::Flip(std::size_t offset, std::uint8_t mask) {
  const auto flip = [&](char& byte) { byte = static_cast<char>(byte ^ mask); };
  flip(bytes_.at(offset));
  if (offset < synced_.size()) flip(synced_[offset]);
  for (Change& change : unsynced_) {
    if (offset >= change.offset && offset - change.offset < change.bytes.size()) {
      flip(change.bytes[offset - change.offset]);
    }
  }
}

std::string CachedFile::AnySubset(std::mt19937_64& random) const {
  std::string left = synced_;
  for (const Change& change : unsynced_) {
    const std::uint64_t fate = random() % 4;
    if (change.truncates) {
      if (fate < 2) left.clear();
    } else if (fate == 0) {
      Put(change.bytes, change.offset, left);
    } else if (fate < 3) {
      PutSomeSectors(change.bytes, change.offset, random, left);
    }
  }
  // The size is kept apart from the bytes: it may have been written without them.
  if (left.size() < bytes_.size() && random() % 4 == 0) left.resize(bytes_.size(), '\0');
  return left;
}

std::string CachedFile::AfterPowerCut(const Survivors& survivors, std::mt19937_64& random) const {
  if (survivors.seed != 0) return AnySubset(random);
  std::string left = synced_;
  if (bytes_.size() <= left.size()) return left;
  if (std::ranges::any_of(unsynced_, &Change::truncates)) return left;
  std::string rest = bytes_.substr(left.size(), survivors.kept);
  const std::size_t zeroed = std::min(survivors.zeroed, rest.size());
  return left.append(rest.replace(0, zeroed, zeroed, '\0'));
}

}  // namespace candour::storage
