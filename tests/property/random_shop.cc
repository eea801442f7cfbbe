#include "property/random_shop.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "consent/naive_consent.h"
#include "door/shop.h"
#include "pseudonym/pseudonym.h"

namespace candour::door {
namespace {

using catalogue::Dataset;
using catalogue::FieldType;

template <class T>
bool Holds(const std::vector<T>& items, const T& item) {
  return std::ranges::find(items, item) != items.end();
}

std::string Literal(const Cell& cell, FieldType type) {
  const std::string text = cell ? engine::QuoteLiteral(*cell) : "NULL";
  return fmt::format("CAST({} AS {})", text, SqlName(type));
}

Cell Maybe(Dice& dice, std::string text) {
  if (dice.OneIn(10)) return std::nullopt;
  return text;
}

std::string Date(Dice& dice) {
  return fmt::format("20{:02}-{:02}-{:02}", 18 + dice.Below(6), 1 + dice.Below(12),
                     1 + dice.Below(28));
}

Cell RandomCell(Dice& dice, const catalogue::Field& field) {
  if (!field.domain.empty()) return Maybe(dice, dice.Pick(field.domain));
  switch (field.type) {
    case FieldType::kBoolean:
      return Maybe(dice, dice.OneIn(2) ? "true" : "false");
    case FieldType::kInteger:
    case FieldType::kBigint:
      return Maybe(dice, fmt::format("{}", dice.Below(60) - 10));
    case FieldType::kDouble:
      return Maybe(dice, fmt::format("{}.5", dice.Below(20)));
    case FieldType::kDecimal:
      return Maybe(dice, fmt::format("{}.{:02}", dice.Below(40), dice.Below(100)));
    case FieldType::kDate:
      return Maybe(dice, Date(dice));
    case FieldType::kTimestamp:
      return Maybe(dice, Date(dice) + fmt::format(" {:02}:30:00", dice.Below(24)));
    case FieldType::kText:
      break;
  }
  if (field.name == "postcode") {
    return Maybe(dice, fmt::format("CO{} {}AA", 1 + dice.Below(3), 1 + dice.Below(4)));
  }
  if (field.name == "product") return Maybe(dice, fmt::format("p{}", dice.Below(4)));
  if (field.name == "note") {
    return Maybe(dice, dice.OneIn(2) ? fmt::format("{}", dice.Below(50)) : "call back");
  }
  return Maybe(dice, fmt::format("{}{}", field.name[0], dice.Below(5)));
}

/// The mask as docs describe it, on one value.
Cell Masked(const Cell& cell, const catalogue::Field& field, catalogue::Mask mask) {
  using catalogue::Mask;
  const bool text = field.type == FieldType::kText;
  switch (mask) {
    case Mask::kNone:
      return cell;
    case Mask::kRedact:
      return std::nullopt;
    case Mask::kPartial:
      if (!text) return std::nullopt;
      return cell && cell->size() > 1 ? cell->substr(0, 1) + "***" : "***";
    case Mask::kYear:
      return cell ? Cell(cell->substr(0, 4) + "-01-01") : cell;
    case Mask::kMonth:
      return cell ? Cell(cell->substr(0, 7) + "-01") : cell;
    case Mask::kDistrict:
      return cell && cell->contains(' ') ? Cell(cell->substr(0, cell->find(' '))) : std::nullopt;
    case Mask::kBand10:
      return cell ? Cell(fmt::format("{}", std::stoi(*cell) / 10 * 10)) : cell;
  }
  return std::nullopt;
}

catalogue::Mask MaskOf(const policy::Use& use, const policy::Grant& grant, const Dataset& dataset,
                       const catalogue::Field& field) {
  using catalogue::Mask;
  if (!dataset.HasPeople()) return Mask::kNone;
  const bool pseudonymised = use.output == policy::Output::kPseudonymised;
  const bool key = field.identifier || field.name == dataset.person_key->field;
  if (pseudonymised && key) return Mask::kRedact;
  if (Holds(grant.masked, field.name)) {
    return field.mask == Mask::kNone ? Mask::kRedact : field.mask;
  }
  return pseudonymised ? field.mask : Mask::kNone;
}

}  // namespace

RandomShop::RandomShop(std::uint32_t seed) : dice_(seed) {
  DeclareShop(organisation_);
  MakePeople();
  MakeRows();
  for (int i = 0; i < 4; ++i) Change();
}

const Dataset& RandomShop::DatasetOf(std::string_view name) const {
  return *std::ranges::find(organisation_.datasets, name, &Dataset::name);
}

void RandomShop::MakePeople() {
  for (const Dataset& dataset : organisation_.datasets) {
    if (!dataset.HasPeople()) continue;
    for (int i = 0; i < 20; ++i) {
      const RecordNo record = Must(
          organisation_.people().Assign({dataset.person_key->key_space, fmt::format("{}", i)}));
      records_[dataset.name].push_back(record);
      groups_.push_back({record});
    }
  }
  for (int i = 0; i < 25; ++i) Merge();
}

void RandomShop::MakeRows() {
  for (const Dataset& dataset : organisation_.datasets) {
    const int count = dataset.HasPeople() ? (dataset.row_category ? 70 : 30) : 5;
    for (int i = 0; i < count; ++i) {
      NaiveRow row;
      if (dataset.HasPeople()) row.record = dice_.Pick(records_[dataset.name]);
      if (dataset.row_category && dice_.OneIn(6)) {
        row.category = dice_.OneIn(2) ? "pd:Health" : "pd:Ethnicity";
      }
      for (const catalogue::Field& field : dataset.fields) {
        row.cells.push_back(RandomCell(dice_, field));
        if (!dataset.HasPeople() && field.name == "product")
          row.cells.back() = fmt::format("p{}", i);
      }
      rows_[dataset.name].push_back(std::move(row));
    }
    Publish(dataset.name);
  }
}

void RandomShop::Publish(const std::string& name) {
  const Dataset& dataset = DatasetOf(name);
  std::vector<std::string> rows;
  for (const NaiveRow& row : rows_[name]) {
    std::vector<std::string> values;
    if (dataset.HasPeople()) values.push_back(fmt::format("{}", row.record));
    if (dataset.row_category) values.push_back(Literal(row.category, FieldType::kText));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      values.push_back(Literal(row.cells[i], dataset.fields[i].type));
    }
    rows.push_back(fmt::format("({})", fmt::join(values, ", ")));
  }
  organisation_.Publish(name, fmt::format("VALUES {}", fmt::join(rows, ", ")));
}

void RandomShop::Change() {
  organisation_.clock.Set({organisation_.clock.Now().us + 1'000'000});
  for (int i = 0; i < 6; ++i) Choose();
  if (dice_.OneIn(2)) Merge();
  if (dice_.OneIn(2)) Split();
}

void RandomShop::Choose() {
  const std::vector<std::string> purposes = {"insight", "offers", "service", "any", "insight"};
  const std::vector<std::string> categories = {"any", "any", "any", "pd:Purchase", "pd:Loyalty"};
  const std::vector<std::string> units = {"shop", "shop", "any", "bank"};
  const std::vector<std::string> channels = {"any", "any", "email", "post"};
  consent::Choice choice{.purpose = dice_.Pick(purposes),
                         .unit = dice_.Pick(units),
                         .channel = dice_.Pick(channels),
                         .category = dice_.Pick(categories),
                         .evidence = static_cast<consent::Evidence>(dice_.Below(6)),
                         .source = dice_.OneIn(2) ? "person" : "crm",
                         .event_time = {organisation_.clock.Now().us - dice_.Below(3)},
                         .recorded_time = organisation_.clock.Now()};
  // Enough people must say yes to something for there to be anything to see.
  if (dice_.OneIn(2)) {
    choice.evidence = consent::Evidence::kConsent;
    choice.category = "any";
    choice.channel = "any";
  }
  std::vector<consent::Choice> batch;
  for (const RecordNo record : dice_.Pick(groups_)) {
    choice.record = record;
    batch.push_back(choice);
    if (dice_.OneIn(4)) break;
  }
  choices_.insert(choices_.end(), batch.begin(), batch.end());
  Must(organisation_.choices().Add(batch));
}

void RandomShop::Merge() {
  const auto a = static_cast<std::size_t>(dice_.Below(static_cast<int>(groups_.size())));
  const auto b = static_cast<std::size_t>(dice_.Below(static_cast<int>(groups_.size())));
  if (a == b) return;
  Must(organisation_.people().Merge(groups_[a][0], groups_[b][0], "test",
                                    organisation_.clock.Now()));
  groups_[a].insert(groups_[a].end(), groups_[b].begin(), groups_[b].end());
  groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(b));
}

void RandomShop::Split() {
  const auto g = static_cast<std::size_t>(dice_.Below(static_cast<int>(groups_.size())));
  if (groups_[g].size() < 2) return;
  const RecordNo record = groups_[g].back();
  groups_[g].pop_back();
  groups_.push_back({record});
  Must(organisation_.people().Split({record}, "test", organisation_.clock.Now()));
}

const std::vector<RecordNo>& RandomShop::GroupOf(RecordNo record) const {
  for (const auto& group : groups_) {
    if (Holds(group, record)) return group;
  }
  throw std::runtime_error("a record of nobody");
}

std::size_t RandomShop::AddUse(policy::Output output) {
  const std::vector<std::string> purposes = {"service", "insight", "insight", "offers"};
  std::vector<std::string> datasets = {"shop.customers", "shop.orders"};
  if (dice_.OneIn(2)) datasets.push_back("bank.accounts");
  if (!dice_.OneIn(4)) datasets.push_back("shop.products");
  policy::Use use = UseOf(organisation_, fmt::format("use{}", organisation_.uses.size()), output,
                          datasets, dice_.Pick(purposes));
  use.threshold = 3 + dice_.Below(3);
  if (dice_.OneIn(3)) use.channel = "email";
  for (policy::Grant& grant : use.grants) {
    const Dataset& dataset = DatasetOf(grant.dataset);
    std::erase_if(grant.fields,
                  [&](const std::string&) { return dataset.HasPeople() && dice_.OneIn(7); });
    for (const std::string& field : grant.fields) {
      if (dice_.OneIn(6)) grant.masked.push_back(field);
    }
    if (dataset.row_category && dice_.OneIn(3)) grant.row_categories = {"pd:Health"};
  }
  organisation_.uses.push_back(std::move(use));
  return organisation_.uses.size() - 1;
}

bool RandomShop::Permits(const policy::Use& use, const policy::Grant& grant, RecordNo record) {
  std::set<std::string> categories(grant.row_categories.begin(), grant.row_categories.end());
  for (const catalogue::Field& field : DatasetOf(grant.dataset).fields) {
    if (Holds(grant.fields, field.name)) categories.insert(field.category);
  }
  if (categories.empty()) categories.insert("any");
  const std::vector<RecordNo>& group = GroupOf(record);
  std::vector<consent::Choice> theirs;
  for (const consent::Choice& choice : choices_) {
    if (Holds(group, choice.record)) theirs.push_back(choice);
  }
  const auto map = Must(organisation_.people().Map());
  const UtcTime last_merge =
      Must(organisation_.people().LastMerge(map->id_of[map->PersonOf(record)]));
  const auto chain = Must(consent::ChainOf(use.purpose, organisation_.purposes));
  const consent::NaiveConsent naive(chain, theirs, last_merge, organisation_.clock.Now());
  return std::ranges::all_of(categories, [&](const std::string& category) {
    return naive.Permits({.purpose = use.purpose,
                          .unit = use.unit,
                          .channel = use.channel,
                          .category = category,
                          .recipient = use.recipient.controller});
  });
}

std::vector<std::string> NaiveTableSql(RandomShop& shop, const policy::Use& use,
                                       const policy::Grant& grant) {
  const Dataset& dataset = shop.DatasetOf(grant.dataset);
  const auto map = Must(shop.organisation().people().Map());
  crypto::Secret key(32);
  const pseudonym::Pseudonymiser pseudonyms(std::move(key), pseudonym::UseDomain(use.id));
  std::string columns = "zz_record UINTEGER, person VARCHAR";
  for (const std::string& name : grant.fields) {
    columns += fmt::format(", {} {}", name, SqlName(dataset.FindField(name)->type));
  }
  std::vector<std::string> sql = {fmt::format("CREATE TABLE {} ({})", grant.dataset, columns)};
  std::map<RecordNo, bool> permitted;
  for (const NaiveRow& row : shop.RowsOf(grant.dataset)) {
    if (dataset.HasPeople() && !permitted.contains(row.record)) {
      permitted[row.record] = shop.Permits(use, grant, row.record);
    }
    if (dataset.HasPeople() && !permitted[row.record]) continue;
    if (row.category && !Holds(grant.row_categories, *row.category)) continue;
    std::string values = "NULL, NULL";
    if (dataset.HasPeople()) {
      values =
          fmt::format("{}, '{}'", row.record, pseudonyms.Of(map->id_of[map->PersonOf(row.record)]));
    }
    for (const std::string& name : grant.fields) {
      const catalogue::Field* field = dataset.FindField(name);
      const auto at = static_cast<std::size_t>(field - dataset.fields.data());
      const Cell cell = Masked(row.cells[at], *field, MaskOf(use, grant, dataset, *field));
      values += ", " + Literal(cell, field->type);
    }
    sql.push_back(fmt::format("INSERT INTO {} VALUES ({})", grant.dataset, values));
  }
  return sql;
}

}  // namespace candour::door
