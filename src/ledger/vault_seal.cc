#include "ledger/vault_seal.h"

#include <fmt/format.h>

#include <array>

#include "base/bytes.h"
#include "crypto/hmac.h"
#include "crypto/key_store.h"

namespace candour::ledger {
namespace {

constexpr std::size_t kNumberSize = sizeof(std::uint64_t);
constexpr std::size_t kFilledTo = 256;

}  // namespace

PrivateFields& PrivateFields::Add(std::int64_t number) {
  std::array<char, kNumberSize> bytes;
  PutLittleEndian(static_cast<std::uint64_t>(number), bytes.data());
  bytes_.append(bytes.data(), bytes.size());
  return *this;
}

PrivateFields& PrivateFields::Add(std::string_view text) {
  Add(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
  return *this;
}

std::string_view OpenedFields::Take(std::uint64_t size) {
  const std::string_view rest = bytes_.Reveal().substr(at_);
  whole_ = whole_ && size <= rest.size();
  if (!whole_) return {};
  at_ += size;
  return rest.substr(0, size);
}

std::int64_t OpenedFields::Number() {
  const std::string_view bytes = Take(kNumberSize);
  return bytes.empty() ? 0
                       : static_cast<std::int64_t>(GetLittleEndian<std::uint64_t>(bytes.data()));
}

std::string OpenedFields::Text() {
  const auto size = static_cast<std::uint64_t>(Number());
  return std::string(Take(size));
}

Result<VaultSeal> VaultSeal::Create(const crypto::Secret& vault_key, std::string_view store) {
  CANDOUR_ASSIGN(crypto::Aead seal, crypto::Aead::Create(crypto::DeriveKey(vault_key, store)));
  crypto::Secret look_up_key = crypto::DeriveKey(vault_key, fmt::format("{}/look-up", store));
  return VaultSeal(std::string(store), std::move(seal), std::move(look_up_key));
}

std::string VaultSeal::Associated(const VaultPlace& place) const {
  return fmt::format("candour/vault/v1\n{}\n{}\n{}\n{}", store_, place.table, place.row,
                     place.column);
}

std::string VaultSeal::SealBytes(const VaultPlace& place, std::string_view bytes) const {
  return seal_.Seal(bytes, Associated(place));
}

std::string VaultSeal::Seal(const VaultPlace& place, const PrivateFields& fields) const {
  std::string filled = fields.bytes();
  filled.resize((filled.size() + kFilledTo - 1) / kFilledTo * kFilledTo);
  return SealBytes(place, filled);
}

Result<crypto::Secret> VaultSeal::OpenBytes(const VaultPlace& place,
                                            std::string_view sealed) const {
  Result<crypto::Secret> opened = seal_.Open(sealed, Associated(place));
  if (!opened) return Damaged(place);
  return opened;
}

Result<OpenedFields> VaultSeal::Open(const VaultPlace& place, std::string_view sealed) const {
  CANDOUR_ASSIGN(crypto::Secret opened, OpenBytes(place, sealed));
  return OpenedFields(std::move(opened));
}

std::string VaultSeal::LookUp(std::string_view text) const {
  return std::string(BytesOf(crypto::HmacSha256(look_up_key_, text)));
}

std::unexpected<Error> VaultSeal::Damaged(const VaultPlace& place) const {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = fmt::format("A sealed value does not open: {}, table {}, row {}.",
                                           store_, place.table, place.row)}
                  .Expected("a vault that nobody changed, of this home's root key")
                  .FixBy("the operator, from a backup"));
}

}  // namespace candour::ledger
