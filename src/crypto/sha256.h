#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace candour::crypto {

/// A SHA-256 digest.
using Digest = std::array<std::uint8_t, 32>;

/// The digest of `bytes`. Threads: any. Source: FIPS 180-4.
Digest Sha256(std::string_view bytes);

/// SHA-256 of a text that comes in pieces. Threads: one at a time.
///
/// A machine whose OpenSSL cannot hash cannot keep a ledger: it aborts rather than give an error
/// that every caller would have to pass on.
class Sha256Hasher {
 public:
  Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;
  ~Sha256Hasher();

  Sha256Hasher& Update(std::string_view bytes);

  /// The digest of all that was added. The hasher then begins anew.
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace candour::crypto
