#include "home/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/nearest.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

/// Following parents must end.
void CheckCycles(const Declarations& d, const SourceMap& sources, Diagnostics& errors) {
  for (const consent::Purpose& purpose : d.purposes) {
    std::set<std::string_view> seen = {purpose.id};
    for (const consent::Purpose* up = d.FindPurpose(purpose.parent); up != nullptr;
         up = d.FindPurpose(up->parent)) {
      if (up->id == purpose.id) {
        errors.push_back(Error{.code = ErrorCode::kDeclarationInvalid,
                               .message = "a purpose is among its own wider purposes"}
                             .At(sources.At(purpose.where.file, {"parent"}))
                             .Expected("a wider purpose, or no parent")
                             .Found(Quoted(purpose.parent)));
      }
      if (!seen.insert(up->id).second) break;
    }
  }
}

/// A key stands for the same kind of holder wherever it is used, since its records are shared.
void CheckHolders(const Declarations& d, const SourceMap& sources, Diagnostics& errors) {
  std::map<std::string_view, const catalogue::Dataset*> first;
  for (const catalogue::Dataset& dataset : d.datasets) {
    if (!dataset.person_key) continue;
    const auto [entry, added] = first.emplace(dataset.person_key->key_space, &dataset);
    const auto holder = entry->second->person_key->holder;
    if (added || holder == dataset.person_key->holder) continue;
    errors.push_back(
        Error{.code = ErrorCode::kDeclarationInvalid,
              .message = "a key space stands for two kinds of holder: " + entry->second->name +
                         " says otherwise"}
            .At(sources.At(dataset.where.file,
                           {"customProperties", "property=candour.personKey", "value", "holder"}))
            .Expected(std::string(catalogue::ToString(holder)))
            .Found(std::string(catalogue::ToString(dataset.person_key->holder))));
  }
}

/// How sources.allow names a PostgreSQL server.
constexpr std::string_view kRemote = "postgresql:";

/// Whether `location` lies in `folder`, by their text: both are relative to the home.
bool LiesIn(const fs::path& location, const fs::path& folder) {
  const fs::path relative = location.lexically_normal().lexically_relative(
      (folder / "").lexically_normal().parent_path());
  return !relative.empty() && *relative.begin() != ".." && relative != ".";
}

bool IsAllowed(const catalogue::Source& source, const std::vector<std::string>& allow) {
  return std::ranges::any_of(allow, [&source](const std::string& entry) {
    if (source.kind == catalogue::Source::Kind::kPostgres) {
      return entry.starts_with(kRemote) &&
             source.location.starts_with("host=" + entry.substr(kRemote.size()) + " ");
    }
    return !entry.starts_with(kRemote) && LiesIn(source.location, entry);
  });
}

/// Adopt reads only from where the home says; what links do on the way is checked there.
void CheckSources(const Declarations& d, const SourceMap& sources, Diagnostics& errors) {
  for (const catalogue::Dataset& dataset : d.datasets) {
    if (dataset.source.location.empty() || IsAllowed(dataset.source, d.settings.sources_allow)) {
      continue;
    }
    const bool remote = dataset.source.kind == catalogue::Source::Kind::kPostgres;
    errors.push_back(
        Error{.code = ErrorCode::kSourceNotAllowed,
              .message = "the source lies outside what candour.yaml allows: " + dataset.name}
            .At(sources.At(dataset.where.file, {"servers"}))
            .Expected(remote ? "a host under sources.allow, as postgresql:HOST"
                             : "a path in a folder under sources.allow")
            .Found("allowed: " + (d.settings.sources_allow.empty()
                                      ? std::string("nothing")
                                      : JoinNames(d.settings.sources_allow)))
            .FixBy("the operator, in candour.yaml"));
  }
}

}  // namespace

void CheckDeclarations(const Declarations& declarations, const SourceMap& sources,
                       Diagnostics& errors) {
  CheckNames(declarations, sources, errors);
  CheckCycles(declarations, sources, errors);
  CheckHolders(declarations, sources, errors);
  CheckSources(declarations, sources, errors);
  CheckApproved(declarations, sources, errors);
}

}  // namespace candour::home
