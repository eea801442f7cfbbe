#include "home/declaration_kind.h"

#include <array>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "catalogue/field_reader.h"

namespace candour::home {
namespace {

struct Folder {
  DeclarationKind kind;
  std::string_view folder;
  std::string_view name;
};

constexpr std::array<Folder, 8> kFolders = {
    {{DeclarationKind::kHome, "", "Home"},
     {DeclarationKind::kUnit, "units", "Unit"},
     {DeclarationKind::kPurpose, "purposes", "Purpose"},
     {DeclarationKind::kPrincipal, "principals", "Principal"},
     {DeclarationKind::kDataset, "datasets", "Dataset"},
     {DeclarationKind::kUse, "uses", "Use"},
     {DeclarationKind::kAgreement, "agreements", "Agreement"},
     {DeclarationKind::kMapping, "mappings", "Mapping"}}};

constexpr std::string_view kYaml = ".yaml";
constexpr std::string_view kContract = ".odcs.yaml";

Error NotADeclaration(std::string_view path, std::string expected, std::string next) {
  return Error{.code = ErrorCode::kDeclarationInvalid,
               .message = "the file is not one a home knows"}
      .At(Where{.file = std::string(path), .line = 1, .column = 1})
      .Expected(std::move(expected))
      .Found(Quoted(path))
      .Next(std::move(next));
}

Result<DeclarationPath> ParseContractPath(std::string_view path, std::string_view rest) {
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos && rest.ends_with(kContract)) {
    const std::string_view schema = rest.substr(0, slash);
    std::string_view table = rest.substr(slash + 1);
    table.remove_suffix(kContract.size());
    if (catalogue::IsSqlName(schema) && catalogue::IsSqlName(table)) {
      return DeclarationPath{DeclarationKind::kDataset,
                             std::string(schema) + "." + std::string(table)};
    }
  }
  return Fail(NotADeclaration(path, "datasets/SCHEMA/TABLE.odcs.yaml in lower case",
                              "rename or move the file"));
}

}  // namespace

std::string_view ToString(DeclarationKind kind) {
  for (const Folder& folder : kFolders) {
    if (folder.kind == kind) return folder.name;
  }
  return "";
}

Result<DeclarationPath> ParseDeclarationPath(std::string_view path) {
  if (path == "candour.yaml") return DeclarationPath{};
  const std::size_t slash = path.find('/');
  const std::string_view folder = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  const std::string_view rest = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  std::vector<std::string> names;
  for (const Folder& known : kFolders) {
    if (known.folder.empty()) continue;
    names.emplace_back(known.folder);
    if (known.folder != folder) continue;
    if (known.kind == DeclarationKind::kDataset) return ParseContractPath(path, rest);
    if (rest.ends_with(kYaml)) {
      const std::string_view id = rest.substr(0, rest.size() - kYaml.size());
      if (IsId(id)) return DeclarationPath{known.kind, std::string(id)};
    }
    return Fail(NotADeclaration(path, std::string(folder) + "/ID.yaml, the id in lower case",
                                "rename or move the file"));
  }
  return Fail(NotADeclaration(path, "candour.yaml, or a file in " + JoinNames(names),
                              SuggestName(folder, names)));
}

}  // namespace candour::home
