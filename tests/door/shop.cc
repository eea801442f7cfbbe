#include "door/shop.h"

namespace candour::door {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using catalogue::Mask;

Dataset Customers() {
  Dataset dataset{.name = "shop.customers", .unit = "shop"};
  dataset.person_key = catalogue::PersonKey{.field = "customer_id", .key_space = "shop.customer"};
  dataset.fields = {
      {.name = "customer_id",
       .category = "candour:CustomerNumber",
       .identifier = true,
       .mask = Mask::kRedact},
      {.name = "name", .category = "pd:Name", .identifier = true, .mask = Mask::kPartial},
      {.name = "postcode", .category = "pd:PhysicalAddress", .mask = Mask::kDistrict},
      {.name = "born", .type = FieldType::kDate, .category = "pd:Age", .mask = Mask::kYear},
      {.name = "region",
       .category = "pd:Location",
       .groupable = true,
       .domain = {"north", "south", "east", "west"}},
      {.name = "tier", .category = "pd:Loyalty", .groupable = true},
      {.name = "points",
       .type = FieldType::kInteger,
       .category = "pd:Loyalty",
       .mask = Mask::kBand10,
       .measure = true},
      {.name = "active", .type = FieldType::kBoolean, .category = "pd:Loyalty", .groupable = true}};
  return dataset;
}

Dataset Orders() {
  Dataset dataset{.name = "shop.orders", .unit = "shop"};
  dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "shop.card"};
  dataset.row_category = catalogue::RowCategory{.field = "product",
                                                .lookup_dataset = "shop.products",
                                                .lookup_key = "product",
                                                .lookup_category = "category"};
  dataset.fields = {
      {.name = "id", .type = FieldType::kInteger, .category = "pd:Purchase"},
      {.name = "card",
       .category = "candour:CustomerNumber",
       .identifier = true,
       .mask = Mask::kRedact},
      {.name = "product", .category = "pd:Purchase", .groupable = true},
      {.name = "amount", .type = FieldType::kDecimal, .category = "pd:Purchase", .measure = true},
      {.name = "quantity", .type = FieldType::kInteger, .category = "pd:Purchase", .measure = true},
      {.name = "ordered",
       .type = FieldType::kDate,
       .category = "pd:Purchase",
       .mask = Mask::kMonth,
       .groupable = true},
      {.name = "channel",
       .category = "pd:Purchase",
       .groupable = true,
       .domain = {"web", "shop", "phone"}},
      {.name = "note", .category = "pd:Communication", .mask = Mask::kPartial}};
  return dataset;
}

Dataset Accounts() {
  Dataset dataset{.name = "bank.accounts", .unit = "bank"};
  dataset.person_key = catalogue::PersonKey{.field = "account", .key_space = "bank.account"};
  dataset.fields = {
      {.name = "account",
       .category = "pd:AccountIdentifier",
       .identifier = true,
       .mask = Mask::kRedact},
      {.name = "opened",
       .type = FieldType::kTimestamp,
       .category = "pd:Financial",
       .mask = Mask::kMonth},
      {.name = "balance", .type = FieldType::kBigint, .category = "pd:Financial", .measure = true},
      {.name = "branch", .category = "pd:Financial", .groupable = true},
      {.name = "score", .type = FieldType::kDouble, .category = "pd:Financial", .measure = true}};
  return dataset;
}

Dataset Products() {
  Dataset dataset{.name = "shop.products", .unit = "shop"};
  dataset.fields = {{.name = "product"},
                    {.name = "title"},
                    {.name = "price", .type = FieldType::kDecimal},
                    {.name = "kind"},
                    {.name = "category"}};
  return dataset;
}

}  // namespace

void DeclareShop(Organisation& organisation) {
  organisation.units = {
      {.id = "shop", .name = "The shop", .controller = "Group Ltd"},
      {.id = "bank", .name = "The bank", .controller = "Group Ltd"},
  };
  using consent::LegalBasis;
  organisation.purposes = {{.id = "service",
                            .name = "Service",
                            .basis = LegalBasis::kContract,
                            .special_condition = "explicit consent"},
                           {.id = "insight",
                            .name = "Insight",
                            .basis = LegalBasis::kLegitimateInterests,
                            .special_condition = "explicit consent"},
                           {.id = "offers",
                            .name = "Offers",
                            .parent = "insight",
                            .basis = LegalBasis::kConsent,
                            .special_condition = "explicit consent",
                            .direct_marketing = true}};
  organisation.datasets = {Customers(), Orders(), Accounts(), Products()};
}

policy::Use UseOf(const Organisation& organisation, std::string id, policy::Output output,
                  const std::vector<std::string>& datasets, std::string purpose) {
  policy::Use use{.id = std::move(id),
                  .title = "A use in a test",
                  .purpose = std::move(purpose),
                  .unit = "shop",
                  .principals = {"analyst"},
                  .recipient = {.name = "Analysts", .controller = "Group Ltd"},
                  .output = output,
                  .approval = {.state = policy::Approval::State::kApproved, .by = "governance"}};
  for (const std::string& name : datasets) {
    const auto dataset = std::ranges::find(organisation.datasets, name, &Dataset::name);
    policy::Grant grant{.dataset = name};
    for (const Field& field : dataset->fields) {
      const bool identifier = field.identifier && output == policy::Output::kAggregates;
      if (!identifier) grant.fields.push_back(field.name);
    }
    use.grants.push_back(std::move(grant));
  }
  return use;
}

}  // namespace candour::door
