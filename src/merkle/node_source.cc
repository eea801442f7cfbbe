#include "merkle/node_source.h"

#include <bit>
#include <vector>

#include "base/check.h"
#include "merkle/hasher.h"

namespace candour::merkle {

Result<crypto::Digest> RootOf(const NodeSource& source, std::uint64_t size) {
  if (size == 0) return EmptyRoot();
  return SubtreeRoot(source, 0, size);
}

Result<crypto::Digest> SubtreeRoot(const NodeSource& source, std::uint64_t begin,
                                   std::uint64_t end) {
  CANDOUR_REQUIRE(begin < end);
  std::vector<crypto::Digest> complete;  // largest first, as they lie from left to right
  while (begin < end) {
    const int level = static_cast<int>(std::bit_width(end - begin)) - 1;
    CANDOUR_REQUIRE(std::countr_zero(begin) >= level);
    CANDOUR_ASSIGN(complete.emplace_back(), source.Node(level, begin >> level));
    begin += std::uint64_t{1} << level;
  }
  crypto::Digest root = complete.back();
  for (std::size_t i = complete.size() - 1; i > 0; --i) root = NodeHash(complete[i - 1], root);
  return root;
}

}  // namespace candour::merkle
