#include "merkle/hasher.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace candour::merkle {

using namespace std::string_view_literals;

crypto::Digest LeafHash(std::string_view data) {
  thread_local crypto::Sha256Hasher hasher;  // making one costs more than hashing an entry
  return hasher.Update("\x00"sv).Update(data).Finish();
}

crypto::Digest NodeHash(const crypto::Digest& left, const crypto::Digest& right) {
  std::array<std::uint8_t, 1 + 2 * sizeof(crypto::Digest)> bytes;
  bytes[0] = 1;
  std::ranges::copy(left, bytes.begin() + 1);
  std::ranges::copy(right, bytes.begin() + 1 + left.size());
  return crypto::Sha256(BytesOf(bytes));
}

crypto::Digest EmptyRoot() { return crypto::Sha256(""); }

}  // namespace candour::merkle
