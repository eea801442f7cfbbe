#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace candour {

/// A record number: given once to each source identity, immutable, never reused. 0 means none.
/// Stays inside; nothing that leaves carries one.
using RecordNo = std::uint32_t;

/// A person's dense number inside one snapshot of the person register. 0 means none. Merges and
/// splits change which numbers are in use, so it is never stored with data.
using PersonNo = std::uint32_t;

/// A person id: "p-" and 13 characters of Crockford base32, random, never reused.
struct PersonId {
  std::string text;
  auto operator<=>(const PersonId&) const = default;
};

}  // namespace candour

template <>
struct std::hash<candour::PersonId> {
  std::size_t operator()(const candour::PersonId& id) const noexcept {
    return std::hash<std::string>{}(id.text);
  }
};
