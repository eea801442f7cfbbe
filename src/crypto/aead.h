#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// What is kept beside a text that was sealed in its place: 28 bytes, not secret.
struct AeadMark {
  std::array<std::uint8_t, 12> nonce = {};
  std::array<std::uint8_t, 16> tag = {};
};

/// By how many bytes a sealed text is longer than the text.
inline constexpr std::size_t kAeadOverhead = sizeof(AeadMark);

/// Authenticated encryption with associated data: AES-256-GCM, a random nonce for each message.
///
/// Promised: without the key nobody learns anything of a text but its length, and nobody makes or
/// changes a sealed text, or gives it other associated data, so that it opens.
/// Not promised: that a sealed text is the newest one (an old one under the same associated data
/// opens), that its length is hidden, or that it opens under one key only. So associated data names
/// the place that a text belongs to, and a key comes from random bytes, never from a word.
///
/// Limits: at most 2^32 messages under a key (a nonce could come twice, and then texts leak), and
/// 1 GiB a message. Threads: any. Source: NIST SP 800-38D, section 8.2.2 and 8.3.
class Aead {
 public:
  /// Errors: kInvalidArgument (`key` is not 32 bytes).
  static Result<Aead> Create(Secret key);

  /// nonce, ciphertext, tag.
  std::string Seal(std::string_view text, std::string_view associated) const;

  /// The text that Seal was given. Errors: kCorruption (changed, cut short, of another key, or
  /// with other associated data; which of them cannot be told).
  Result<Secret> Open(std::string_view sealed, std::string_view associated) const;

  /// Encrypts `text` where it stands.
  AeadMark SealInPlace(std::span<std::uint8_t> text, std::string_view associated) const;

  /// Decrypts `text` where it stands. When it is not what was sealed, it is zeros afterwards, and
  /// the answer is false.
  [[nodiscard]] bool OpenInPlace(std::span<std::uint8_t> text, const AeadMark& mark,
                                 std::string_view associated) const;

 private:
  explicit Aead(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace candour::crypto
