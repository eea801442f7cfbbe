#include "consent/purpose_chain.h"

namespace candour::consent {

Result<PurposeChain> ChainOf(std::string_view id, std::span<const Purpose> purposes) {
  PurposeChain chain;
  do {
    const auto found = std::ranges::find(purposes, id, &Purpose::id);
    if (found == purposes.end()) {
      return Fail(ErrorCode::kDeclarationUnknownName,
                  fmt::format("no purpose '{}' is declared", id));
    }
    if (chain.size() == purposes.size()) {
      return Fail(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = fmt::format("the purpose '{}' is its own ancestor", id)}
                      .At(found->where));
    }
    chain.push_back(*found);
    id = found->parent;
  } while (!id.empty());
  return chain;
}

}  // namespace candour::consent
