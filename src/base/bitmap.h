#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace candour {

/// A dense set of small numbers (record numbers): one bit each, 64 to a word.
///
/// Dense because the engine asks it once per row: a test is one load and a shift. 5 million records
/// take 625 KB. Threads: reads may run together; a write needs the set to itself.
class Bitmap {
 public:
  Bitmap() = default;
  /// An empty set that can hold 0 to `size` - 1.
  explicit Bitmap(std::size_t size) : words_((size + 63) / 64, 0) {}

  /// How many numbers it can hold, rounded up to whole words.
  std::size_t size() const { return words_.size() * 64; }

  /// Whether `number` is in the set; numbers beyond its size are not.
  bool Contains(std::size_t number) const {
    const std::size_t word = number / 64;
    return word < words_.size() && ((words_[word] >> (number % 64)) & 1) != 0;
  }

  /// Puts `number` in, growing the set when it lies beyond.
  void Add(std::size_t number) {
    if (number / 64 >= words_.size()) words_.resize(number / 64 + 1, 0);
    words_[number / 64] |= std::uint64_t{1} << (number % 64);
  }

  void Remove(std::size_t number) {
    if (number / 64 < words_.size()) words_[number / 64] &= ~(std::uint64_t{1} << (number % 64));
  }

  /// How many numbers are in the set. Cost: one popcount a word.
  std::size_t Count() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
    return count;
  }

  /// Keeps only what `other` holds too.
  void IntersectWith(const Bitmap& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      words_[i] &= i < other.words_.size() ? other.words_[i] : 0;
    }
  }

  /// Adds all that `other` holds.
  void UniteWith(const Bitmap& other) {
    if (words_.size() < other.words_.size()) words_.resize(other.words_.size(), 0);
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }

  /// Calls `visit(number)` for each number in the set, in rising order.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      }
    }
  }

  /// The words, lowest numbers first; bit 0 of word 0 is number 0.
  std::span<const std::uint64_t> words() const { return words_; }

  static Bitmap FromWords(std::vector<std::uint64_t> words) {
    Bitmap bitmap;
    bitmap.words_ = std::move(words);
    return bitmap;
  }

  /// Sets are equal when they hold the same numbers, whatever their size.
  friend bool operator==(const Bitmap& a, const Bitmap& b) {
    const std::size_t shared = std::min(a.words_.size(), b.words_.size());
    for (std::size_t i = 0; i < std::max(a.words_.size(), b.words_.size()); ++i) {
      const std::uint64_t left = i < a.words_.size() ? a.words_[i] : 0;
      const std::uint64_t right = i < b.words_.size() ? b.words_[i] : 0;
      if (i >= shared ? (left | right) != 0 : left != right) return false;
    }
    return true;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace candour
