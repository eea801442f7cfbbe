#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace candour::crypto {

/// Key material. It is wiped from memory when it goes, cannot be copied by accident, and has no
/// stream operator and no formatter, so it cannot be printed.
///
/// What is not promised: pages may still be written to swap. Threads: reads may run together.
class Secret {
 public:
  /// `size` zero bytes, to be written through Fill().
  explicit Secret(std::size_t size) : bytes_(size, 0) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// A second one with the same material, for an owner of its own.
  Secret Copy() const;

  std::size_t size() const { return bytes_.size(); }

  /// Where the material is written.
  std::uint8_t* Fill() { return bytes_.data(); }

  /// The material itself, to be handed to a primitive and to nothing else. Its name is there to be
  /// searched for.
  std::string_view Reveal() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  void Wipe();
  std::vector<std::uint8_t> bytes_;
};

/// Whether two texts are equal, in a time that depends on their lengths only.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace candour::crypto
