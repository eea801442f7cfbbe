#include "home/init.h"

namespace candour::home {
namespace {

constexpr std::string_view kHome =
    R"yaml(# A home: everything this organisation declares about its data.
# Edit the files, then:  candour plan   (shows what would change)
#                        candour apply  (makes it so)
apiVersion: candour/v1
kind: Home
name: Example shop
# Names this home's ledger to the outside: a host name of yours and a word.
origin: example.org/shop
# "demonstration" marks every page as an example; "production" does not.
mode: demonstration
sources:
  # Folders, relative to this file, that data may be adopted from. Nothing outside is ever read.
  allow: [data]
)yaml";

constexpr std::string_view kUnit =
    R"yaml(# A business unit: who decides about its data, and who watches over that.
apiVersion: candour/v1
kind: Unit
id: shop
name: The shop
legalEntity: Example Shop Ltd
# Data that crosses from one controller to another needs an agreement (agreements/).
controller: Example Shop Ltd
regulator: Information Commissioner's Office
)yaml";

constexpr std::string_view kSteward =
    R"yaml(# A principal is a role at work, never a personal name.
apiVersion: candour/v1
kind: Principal
id: steward
name: Keeper of the shop's data
role: steward
unit: shop
organisation: Example Shop Ltd
)yaml";

constexpr std::string_view kAnalyst = R"yaml(apiVersion: candour/v1
kind: Principal
id: analyst
name: Insight analyst
role: analyst
unit: shop
organisation: Example Shop Ltd
)yaml";

constexpr std::string_view kMarketer = R"yaml(apiVersion: candour/v1
kind: Principal
id: marketer
name: Marketing
role: marketer
unit: shop
organisation: Example Shop Ltd
)yaml";

constexpr std::string_view kService =
    R"yaml(# A purpose: why data may be used. `text` is what people read, in the same words
# everywhere.
apiVersion: candour/v1
kind: Purpose
id: service
name: Serving our customers
text: We use your details to deliver what you order and to help when something goes wrong.
# The purpose's identifier in the W3C Data Privacy Vocabulary.
dpv: dpv:ServiceProvision
# One of: consent, contract, legal-obligation, vital-interests, public-task, legitimate-interests.
legalBasis: contract
)yaml";

constexpr std::string_view kInsight = R"yaml(apiVersion: candour/v1
kind: Purpose
id: insight
name: Understanding what is needed
text: >-
  We count what is bought, in groups of people and never one by one, to decide what to stock.
  You can object at any time.
dpv: dpv:ImproveExistingProductsAndServices
legalBasis: legitimate-interests
# Legitimate interests need their balancing record: what was weighed, and how it came out.
balancing: >-
  Stocking what people need serves them as well as us. Only figures about groups leave, nobody is
  contacted, and whoever objects is left out.
)yaml";

constexpr std::string_view kOffers = R"yaml(apiVersion: candour/v1
kind: Purpose
id: offers
name: Offers by e-mail
text: With your consent we send you offers from the shop. You can take it back at any time.
dpv: dpv:DirectMarketing
legalBasis: consent
# An objection to direct marketing is absolute.
directMarketing: true
)yaml";

constexpr std::string_view kCustomers =
    R"yaml(# A dataset contract in the Open Data Contract Standard (ODCS). What Candour adds
# stands under customProperties, in names that begin with "candour.".
apiVersion: v3.1.0
kind: DataContract
id: shop-customers
version: 1.0.0
status: active
name: Customers of the shop
description:
  purpose: Everyone with an account at the shop.
schema:
  - name: customers
    physicalType: table
    properties:
      - name: customer_id
        physicalType: VARCHAR
        # A row without it goes to quarantine.
        required: true
        unique: true
        customProperties:
          # Every field about people has a data category and a sensitivity: open, internal,
          # personal, special, criminal or safeguarding.
          - {property: candour.category, value: "candour:CustomerNumber"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.identifier, value: true}
          - {property: candour.mask, value: redact}
      - name: email
        physicalType: VARCHAR
        customProperties:
          - {property: candour.category, value: "pd:EmailAddress"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.identifier, value: true}
          - {property: candour.mask, value: redact}
      - name: region
        physicalType: VARCHAR
        customProperties:
          - {property: candour.category, value: "pd:Region"}
          - {property: candour.sensitivity, value: personal}
          # May be a group key of figures; its values are public, so small groups may be named.
          - {property: candour.groupable, value: true}
          - {property: candour.domain, value: [north, south]}
      - name: offers_by_email
        physicalType: VARCHAR
        description: How the shop's own system keeps the choice; mappings/shop-email.yaml reads it.
        customProperties:
          - {property: candour.category, value: "pd:PrivacyPreference"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.validValues, value: ["Y", "N"]}
      - name: offers_set_on
        physicalType: DATE
        customProperties:
          - {property: candour.category, value: "pd:PrivacyPreference"}
          - {property: candour.sensitivity, value: personal}
team:
  name: shop
  members:
    # Exactly one owner, who answers for the dataset, and at least one steward, who keeps it.
    - {username: head-of-shop, role: owner}
    - {username: steward, role: steward}
servers:
  - {server: file, type: local, path: data/customers.csv, format: csv}
customProperties:
  - {property: candour.unit, value: shop}
  # "real" or "generated": every page says which.
  - {property: candour.origin, value: generated}
  - {property: candour.licence, value: CC0-1.0}
  # Whose row is it? Rows of one key space with the same key belong to the same person.
  - property: candour.personKey
    value: {field: customer_id, keySpace: shop.customer, holder: person}
)yaml";

constexpr std::string_view kOrders = R"yaml(apiVersion: v3.1.0
kind: DataContract
id: shop-orders
version: 1.0.0
status: active
name: Orders
description:
  purpose: What was ordered, when, and for how much.
schema:
  - name: orders
    physicalType: table
    properties:
      - name: order_id
        physicalType: BIGINT
        required: true
        customProperties:
          - {property: candour.category, value: "pd:Transaction"}
          - {property: candour.sensitivity, value: personal}
      - name: customer_id
        physicalType: VARCHAR
        required: true
        customProperties:
          - {property: candour.category, value: "candour:CustomerNumber"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.identifier, value: true}
      - name: ordered_on
        physicalType: DATE
        customProperties:
          - {property: candour.category, value: "pd:Transaction"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.mask, value: month}
      - name: product
        physicalType: VARCHAR
        customProperties:
          - {property: candour.category, value: "pd:Purchase"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.groupable, value: true}
      - name: amount
        physicalType: DECIMAL(18,2)
        customProperties:
          - {property: candour.category, value: "pd:Purchase"}
          - {property: candour.sensitivity, value: personal}
          # May be summed and averaged.
          - {property: candour.measure, value: true}
team:
  name: shop
  members:
    - {username: head-of-shop, role: owner}
    - {username: steward, role: steward}
servers:
  - {server: file, type: local, path: data/orders.csv, format: csv}
customProperties:
  - {property: candour.unit, value: shop}
  - {property: candour.origin, value: generated}
  - {property: candour.licence, value: CC0-1.0}
  - property: candour.personKey
    value: {field: customer_id, keySpace: shop.customer, holder: person}
)yaml";

constexpr std::string_view kOrderInsight =
    R"yaml(# A use: one declared way of using data. Nothing leaves except under one.
apiVersion: candour/v1
kind: Use
id: order-insight
title: What sells where
# Plain words: this stands in the public register of uses.
text: We count orders by product and region to decide what to stock.
purpose: insight
unit: shop
principals: [analyst]
recipient: {name: The shop's insight team, controller: Example Shop Ltd}
# rows, pseudonymised, or aggregates (figures about groups only)
output: aggregates
grants:
  - dataset: shop.orders
    fields: [ordered_on, product, amount]
  - dataset: shop.customers
    fields: [region]
# The smallest number of people behind a published figure, 3 to 100.
threshold: 10
from: 2026-01-01
until: 2036-01-01
approval:
  state: approved
  by: data-governance lead
  reference: EXAMPLE-1
  reason: Figures about groups serve the insight and show nobody.
)yaml";

constexpr std::string_view kShopOffers = R"yaml(apiVersion: candour/v1
kind: Use
id: shop-offers
title: Offers by e-mail
text: We send offers by e-mail to people who asked for them.
purpose: offers
unit: shop
# How people are reached; a choice made for another channel does not count.
channel: email
principals: [marketer]
recipient: {name: The shop's marketing team, controller: Example Shop Ltd}
output: rows
grants:
  - dataset: shop.customers
    fields: [email, region]
from: 2026-01-01
until: 2036-01-01
# Proposed: visible, but the door stays shut until somebody approves it here.
approval:
  state: proposed
)yaml";

constexpr std::string_view kMapping =
    R"yaml(# A mapping: what each value of a unit's own flag is evidence of, and no more.
apiVersion: candour/v1
kind: Mapping
id: shop-email
unit: shop
dataset: shop.customers
field: offers_by_email
timeField: offers_set_on
purpose: offers
channel: email
notice: The box on the account page.
values:
  # consent, soft-opt-in, unevidenced, objection, withdrawal or unset
  "Y": consent
  "N": objection
  "": unset
otherwise: unevidenced
)yaml";

constexpr std::string_view kCustomerRows =
    "customer_id,email,region,offers_by_email,offers_set_on\n"
    "C1,ada@example.org,north,Y,2025-03-01\n"
    "C2,ben@example.org,south,N,2025-03-02\n"
    "C3,cho@example.org,north,,\n"
    "C4,dev@example.org,south,Y,2025-04-09\n";

constexpr std::string_view kOrderRows =
    "order_id,customer_id,ordered_on,product,amount\n"
    "1,C1,2025-05-01,bread,2.40\n"
    "2,C1,2025-05-03,apples,3.10\n"
    "3,C2,2025-05-03,bread,1.20\n"
    "4,C3,2025-05-04,tea,4.75\n"
    "5,C4,2025-05-09,bread,2.40\n";

DeclarationFile File(std::string_view path, std::string_view text) {
  return DeclarationFile{.path = std::string(path), .text = std::string(text)};
}

}  // namespace

std::vector<DeclarationFile> ExampleDeclarations() {
  return {File("candour.yaml", kHome),
          File("datasets/shop/customers.odcs.yaml", kCustomers),
          File("datasets/shop/orders.odcs.yaml", kOrders),
          File("mappings/shop-email.yaml", kMapping),
          File("principals/analyst.yaml", kAnalyst),
          File("principals/marketer.yaml", kMarketer),
          File("principals/steward.yaml", kSteward),
          File("purposes/insight.yaml", kInsight),
          File("purposes/offers.yaml", kOffers),
          File("purposes/service.yaml", kService),
          File("units/shop.yaml", kUnit),
          File("uses/order-insight.yaml", kOrderInsight),
          File("uses/shop-offers.yaml", kShopOffers)};
}

std::vector<DeclarationFile> ExampleData() {
  return {File("data/customers.csv", kCustomerRows), File("data/orders.csv", kOrderRows)};
}

}  // namespace candour::home
