#pragma once

#include <string_view>

#include "crypto/sha256.h"

namespace candour::merkle {

/// The hash of a leaf: SHA-256(0x00 ‖ data). The first byte keeps leaves and nodes apart, so that
/// no node can be passed off as a leaf. Source: RFC 6962 section 2.1.
crypto::Digest LeafHash(std::string_view data);

/// The hash of a node over its two children: SHA-256(0x01 ‖ left ‖ right).
crypto::Digest NodeHash(const crypto::Digest& left, const crypto::Digest& right);

/// The root of the tree without leaves: SHA-256 of nothing.
crypto::Digest EmptyRoot();

}  // namespace candour::merkle
