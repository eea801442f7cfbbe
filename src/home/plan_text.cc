#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "home/plan.h"

namespace candour::home {
namespace {

std::string_view Sign(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kAdded:
      return "+";
    case Change::Kind::kChanged:
      return "~";
    case Change::Kind::kRemoved:
      return "-";
  }
  return "";
}

std::string_view Word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kAdded:
      return "added";
    case Change::Kind::kChanged:
      return "changed";
    case Change::Kind::kRemoved:
      return "removed";
  }
  return "";
}

std::int64_t CountOf(const Plan& plan, Change::Kind kind) {
  return std::ranges::count(plan.changes, kind, &Change::kind);
}

/// "12,345": counts are read by people.
std::string Grouped(std::int64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

/// "opens 120 people" or "closes 3 rows"; "" when nothing changes.
std::string Difference(std::int64_t before, std::int64_t after, std::string_view what) {
  if (before == after) return "";
  const std::string_view verb = after > before ? "opens" : "closes";
  return fmt::format("{} {} {} ({} → {})", verb, Grouped(std::abs(after - before)), what,
                     Grouped(before), Grouped(after));
}

std::string ReachText(const UseReach& reach) {
  const std::string people = Difference(reach.before.people, reach.after.people, "people");
  const std::string rows = Difference(reach.before.rows, reach.after.rows, "rows");
  const std::string_view comma = people.empty() || rows.empty() ? "" : ", ";
  return fmt::format("  {}: {}{}{}\n", reach.use, people, comma, rows);
}

nlohmann::json CountJson(const ReachCount& count) {
  return {{"people", count.people}, {"rows", count.rows}};
}

}  // namespace

std::string ToText(const Plan& plan) {
  if (plan.ChangesNothing()) return "Nothing changes: what is declared is in force.\n";
  std::string text =
      fmt::format("{} to add, {} to change, {} to remove\n", CountOf(plan, Change::Kind::kAdded),
                  CountOf(plan, Change::Kind::kChanged), CountOf(plan, Change::Kind::kRemoved));
  for (const Change& change : plan.changes) {
    const std::string_view space = change.id.empty() ? "" : " ";
    text += fmt::format("  {} {}{}{}\n", Sign(change.kind), change.what, space, change.id);
    for (const std::string& detail : change.details) text += fmt::format("      {}\n", detail);
  }
  if (plan.reworded_files > 0) {
    text += fmt::format("  {} files differ in comments or layout only\n", plan.reworded_files);
  }
  if (!plan.reach.empty()) text += "People and rows\n";
  for (const UseReach& reach : plan.reach) text += ReachText(reach);
  return text;
}

nlohmann::json ToJson(const Plan& plan) {
  nlohmann::json changes = nlohmann::json::array();
  for (const Change& change : plan.changes) {
    changes.push_back({{"kind", change.what},
                       {"id", change.id},
                       {"change", Word(change.kind)},
                       {"details", change.details}});
  }
  nlohmann::json reach = nlohmann::json::array();
  for (const UseReach& use : plan.reach) {
    reach.push_back(
        {{"use", use.use}, {"before", CountJson(use.before)}, {"after", CountJson(use.after)}});
  }
  return {{"changes", std::move(changes)},
          {"reach", std::move(reach)},
          {"reworded_files", plan.reworded_files}};
}

}  // namespace candour::home
