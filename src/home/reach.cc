#include "home/reach.h"

#include <fmt/format.h>

#include "home/home.h"
#include "intake/sealed_version.h"

namespace candour::home {
namespace {

/// Rows of a sensitive category that the use does not have stay behind the door.
std::string CategoryCondition(const policy::DatasetPlan& plan) {
  if (!plan.dataset->row_category) return "";
  std::string condition = "_category IS NULL";
  for (const std::string& category : plan.row_categories) {
    condition += " OR _category = " + engine::QuoteLiteral(category);
  }
  return fmt::format(" AND ({})", condition);
}

Result<std::int64_t> CountRows(const policy::DatasetPlan& plan, const gate::OpenedDataset& opened,
                               const crypto::Secret& key_encryption_key) {
  CANDOUR_ASSIGN(engine::Database engine, engine::Database::Open());
  CANDOUR_TRY(intake::AttachRows(engine, opened.version, key_encryption_key, "version"));
  CANDOUR_TRY(engine.AddMembership("permitted", opened.permitted));
  CANDOUR_TRY(engine.Lock());
  CANDOUR_ASSIGN(
      const engine::Table table,
      engine.Query("SELECT count(*) FROM version.main.\"rows\" WHERE permitted(_record)" +
                   CategoryCondition(plan)));
  const auto* count = std::get_if<std::int64_t>(&table.rows.at(0).at(0));
  return count == nullptr ? 0 : *count;
}

Result<ReachCount> CountReach(const gate::Setting& base, const Declarations& declarations,
                              const policy::Use& use) {
  if (use.principals.empty()) return ReachCount{};
  gate::Setting setting = base;
  setting.rules = RulesOf(declarations);
  const policy::Decision decision = policy::Decide(
      setting.rules, {.use = use.id, .principal = use.principals.front()}, setting.clock.Now());
  ReachCount reach;
  if (decision.denial) return reach;
  Bitmap people;
  for (const policy::DatasetPlan& plan : decision.datasets) {
    auto opened = gate::OpenDataset(decision, plan, setting);
    if (!opened && opened.error().code == ErrorCode::kDatasetEmpty) continue;
    if (!opened) return std::unexpected(opened.error());
    if (!plan.dataset->HasPeople()) continue;
    people.UniteWith(opened->available);
    CANDOUR_ASSIGN(const std::int64_t rows, CountRows(plan, *opened, setting.key_encryption_key));
    reach.rows += rows;
  }
  reach.people = static_cast<std::int64_t>(setting.people->CountPeople(people));
  return reach;
}

}  // namespace

Reach ReachOf(const gate::Setting& setting) {
  return [&setting](const Declarations& declarations, const policy::Use& use) {
    return CountReach(setting, declarations, use);
  };
}

}  // namespace candour::home
