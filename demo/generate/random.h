#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace candour::demo {

/// Random numbers that are the same on every machine: SplitMix64, with distributions of its own,
/// since those of the standard library differ between libraries.
///
/// Each part of the generator takes a stream of its own by name, so that a change to one part
/// leaves the others as they were. Not for secrets. Threads: one at a time.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class Random {
 public:
  Random(std::uint64_t seed, std::string_view stream) : state_(seed) {
    for (const char c : stream) {  // FNV-1a, stirred into the seed
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
  }

  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// 0 to `count` - 1; `count` is at least 1 and small against 2^64, so the bias does not matter.
  std::size_t Below(std::size_t count) { return Next() % count; }

  /// `low` to `high`, both included.
  int Between(int low, int high) {
    return low + static_cast<int>(Below(static_cast<std::size_t>(high - low + 1)));
  }

  /// True `percent` times in a hundred.
  bool Percent(int percent) { return Between(0, 99) < percent; }

  /// An index, each as often as its weight says. `cumulative` rises and is not empty.
  std::size_t Weighted(std::span<const std::uint64_t> cumulative) {
    const std::uint64_t mark = Below(cumulative.back());
    std::size_t index = 0;
    while (cumulative[index] <= mark) ++index;
    return index;
  }

  /// Shuffles in place (Fisher-Yates).
  template <class T>
  void Shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace candour::demo
