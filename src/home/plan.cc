#include "home/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/yaml.h"
#include "home/declaration_kind.h"
#include "home/difference.h"

namespace candour::home {
namespace {

using FilesByPath = std::map<std::string_view, std::string_view>;

FilesByPath ByPath(const Declarations& declarations) {
  FilesByPath files;
  for (const DeclarationFile& file : declarations.files) files[file.path] = file.text;
  return files;
}

Change ChangeOf(Change::Kind kind, std::string_view path) {
  const DeclarationPath parsed = ParseDeclarationPath(path).value_or(DeclarationPath{});
  return Change{.kind = kind, .what = std::string(ToString(parsed.kind)), .id = parsed.id};
}

/// The words of the difference between two texts that have both been read before.
std::vector<std::string> Compare(std::string_view path, std::string_view before,
                                 std::string_view after) {
  const std::string file(path);
  const auto old_root = ParseYaml(before, file);
  const auto new_root = ParseYaml(after, file);
  if (!old_root || !new_root) return {"the file: changed"};
  return DescribeDifference(*old_root, *new_root);
}

void CompareFiles(const FilesByPath& before, const FilesByPath& after, Plan& plan) {
  std::set<std::string_view> paths;
  for (const auto& [path, text] : before) paths.insert(path);
  for (const auto& [path, text] : after) paths.insert(path);
  for (const std::string_view path : paths) {
    const auto was = before.find(path);
    const auto is = after.find(path);
    if (was == before.end()) {
      plan.changes.push_back(ChangeOf(Change::Kind::kAdded, path));
    } else if (is == after.end()) {
      plan.changes.push_back(ChangeOf(Change::Kind::kRemoved, path));
    } else if (was->second != is->second) {
      Change change = ChangeOf(Change::Kind::kChanged, path);
      change.details = Compare(path, was->second, is->second);
      if (change.details.empty()) {
        ++plan.reworded_files;
      } else {
        plan.changes.push_back(std::move(change));
      }
    }
  }
}

Result<ReachCount> Count(const Reach& reach, const Declarations& declarations,
                         const std::string& id) {
  const policy::Use* use = declarations.FindUse(id);
  if (use == nullptr) return ReachCount{};
  return reach(declarations, *use);
}

}  // namespace

Result<Plan> MakePlan(const Declarations& in_force, const Declarations& declared,
                      const Reach& reach_now, const Reach& reach_then) {
  Plan plan;
  CompareFiles(ByPath(in_force), ByPath(declared), plan);
  if (!reach_now || !reach_then || plan.changes.empty()) return plan;
  std::set<std::string> uses;
  for (const policy::Use& use : in_force.uses) uses.insert(use.id);
  for (const policy::Use& use : declared.uses) uses.insert(use.id);
  for (const std::string& id : uses) {
    CANDOUR_ASSIGN(const ReachCount before, Count(reach_now, in_force, id));
    CANDOUR_ASSIGN(const ReachCount after, Count(reach_then, declared, id));
    if (before != after) plan.reach.push_back(UseReach{id, before, after});
  }
  return plan;
}

}  // namespace candour::home
