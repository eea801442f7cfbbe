#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/secret.h"

namespace candour::ledger {

/// The texts and numbers of one private half, put one after another.
class PrivateFields {
 public:
  PrivateFields& Add(std::string_view text);
  PrivateFields& Add(std::int64_t number);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Takes them out again, in the same order.
class OpenedFields {
 public:
  explicit OpenedFields(crypto::Secret bytes) : bytes_(std::move(bytes)) {}

  /// "" or 0 when there is none; `whole` is false from then on.
  std::string Text();
  std::int64_t Number();
  bool whole() const { return whole_; }

 private:
  std::string_view Take(std::uint64_t size);

  crypto::Secret bytes_;
  std::size_t at_ = 0;
  bool whole_ = true;
};

/// Where a sealed value stands in its store. `row` is never personal data: errors name it.
struct VaultPlace {
  std::string_view table;
  std::string row;
  std::string_view column = "sealed";
};

/// Seals what a vault must not show to who has only its file: AES-256-GCM under a key of the store,
/// bound to the store, table, row and column, so that no value opens in another place.
///
/// Not promised: that a value is the newest one of its place (entries commit to most of them), and
/// more than 2^32 values under a home's root key. Threads: any. Format: docs/formats/entry.md.
class VaultSeal {
 public:
  /// `store` is the file's name; `vault_key` is that of LedgerSettings, only read here.
  /// Errors: kInvalidArgument.
  static Result<VaultSeal> Create(const crypto::Secret& vault_key, std::string_view store);

  /// Fields are filled up to a multiple of 256 bytes, so that a length tells little.
  std::string Seal(const VaultPlace& place, const PrivateFields& fields) const;
  std::string SealBytes(const VaultPlace& place, std::string_view bytes) const;

  /// Errors: kCorruption, naming the store and the place (changed, moved, or of another key).
  Result<OpenedFields> Open(const VaultPlace& place, std::string_view sealed) const;
  Result<crypto::Secret> OpenBytes(const VaultPlace& place, std::string_view sealed) const;

  /// What stands for a text in a column that is searched: HMAC-SHA256 under a key of its own.
  std::string LookUp(std::string_view text) const;

  /// That a sealed value is not what belongs there.
  std::unexpected<Error> Damaged(const VaultPlace& place) const;

 private:
  VaultSeal(std::string store, crypto::Aead seal, crypto::Secret look_up_key)
      : store_(std::move(store)), seal_(std::move(seal)), look_up_key_(std::move(look_up_key)) {}
  std::string Associated(const VaultPlace& place) const;

  std::string store_;
  crypto::Aead seal_;
  crypto::Secret look_up_key_;
};

}  // namespace candour::ledger
