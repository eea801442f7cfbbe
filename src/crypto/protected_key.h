#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// How much work a guess at a passphrase is: memory in KiB, and passes over it.
struct PassphraseCost {
  std::uint32_t memory_kib = 65536;
  std::uint32_t passes = 3;
};

/// 64 MiB and three passes: some 0.2 s on a desktop processor. On a machine with less than 512 MiB,
/// 16 MiB and twelve passes, which is about as much time but helps less against special hardware.
PassphraseCost CostForThisMachine();

/// The least bytes of a passphrase. It is a floor, not a recommendation: six random words are good.
inline constexpr std::size_t kLeastPassphraseBytes = 8;

/// The bytes of a key file whose key a passphrase protects: argon2id makes a key from the
/// passphrase and a random salt, and AES-256-GCM under it seals `key`.
///
/// Promised: without the passphrase the file tells nothing of the key, and each guess costs `cost`.
/// Not promised: that a short or common passphrase holds. Errors: kInvalidArgument (`key` is not 32
/// bytes, or the passphrase too short), kExhausted (no memory for `cost`). Format:
/// docs/formats/keys.md. Source: RFC 9106.
Result<std::string> ProtectKey(const Secret& key, const Secret& passphrase,
                               const PassphraseCost& cost);

/// Whether the bytes of a key file say that a passphrase protects it.
bool IsProtectedKey(std::string_view bytes);

/// The key in it. Errors: kCorruption (damaged: its check sum is wrong), kKeyPassphrase (not the
/// passphrase), kExhausted. Cost: that of the file.
Result<Secret> OpenProtectedKey(std::string_view bytes, const Secret& passphrase);

/// How many bytes ProtectKey gives.
inline constexpr std::size_t kProtectedKeySize = 8 + 4 + 4 + 16 + 60 + 32;

}  // namespace candour::crypto
