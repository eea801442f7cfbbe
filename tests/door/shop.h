#pragma once

#include "door/organisation.h"

namespace candour::door {

/// Declares the shop that the tests of the door tell stories about: units, purposes and datasets,
/// without people, data or uses.
///
/// shop.customers (key customer_id): name, postcode, born, region, tier, points, active.
/// shop.orders (key card): id, product, amount, quantity, ordered, channel, note; rows of some
/// products have a category of their own.
/// bank.accounts (key account): opened, balance, branch, score.
/// shop.products (nobody's): product, title, price, kind.
void DeclareShop(Organisation& organisation);

/// A use of the shop's data, approved and in force, that grants every field of `datasets`.
policy::Use UseOf(const Organisation& organisation, std::string id, policy::Output output,
                  const std::vector<std::string>& datasets, std::string purpose = "service");

}  // namespace candour::door
