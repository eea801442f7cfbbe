#include "home/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "accounts/principal_reader.h"
#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "catalogue/dataset_reader.h"
#include "catalogue/unit_reader.h"
#include "consent/mapping_reader.h"
#include "consent/purpose_reader.h"
#include "home/check.h"
#include "home/declaration_kind.h"
#include "home/source_map.h"
#include "policy/agreement_reader.h"
#include "policy/use_reader.h"

namespace candour::home {
namespace {

HomeSettings ReadSettings(const YamlNode& root, const std::string& file, Diagnostics& errors) {
  YamlReader reader(&root, file, "candour.yaml", errors);
  reader.Header("Home");
  HomeSettings settings{.name = reader.Text("name"), .origin = reader.Text("origin")};
  settings.mode = reader.OptionalText("mode", "production");
  if (settings.mode != "production" && settings.mode != "demonstration") {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "a value is not one of those accepted: mode"}
                      .At(reader.Place("mode"))
                      .Expected("one of production, demonstration")
                      .Found(Quoted(settings.mode)));
  }
  YamlReader sources(reader.OptionalMapping("sources"), file, "sources", errors);
  settings.sources_allow = sources.OptionalTexts("allow");
  sources.Finish();
  reader.Finish();
  return settings;
}

/// Reads one file after another into one set of declarations.
class FileReader {
 public:
  explicit FileReader(Reading& reading) : reading_(reading) {}

  void Read(const DeclarationFile& file) {
    const auto path = ParseDeclarationPath(file.path);
    if (!path) {
      reading_.errors.push_back(path.error());
      return;
    }
    auto root = ParseYaml(file.text, file.path);
    if (!root) {
      reading_.errors.push_back(std::move(root).error());
      return;
    }
    ReadKind(*path, *root, file.path);
    sources_.Add(file.path, *std::move(root));
  }

  const SourceMap& sources() const { return sources_; }

 private:
  void ReadKind(const DeclarationPath& path, const YamlNode& root, const std::string& file) {
    Declarations& d = reading_.declarations;
    Diagnostics& errors = reading_.errors;
    switch (path.kind) {
      case DeclarationKind::kHome:
        d.settings = ReadSettings(root, file, errors);
        break;
      case DeclarationKind::kUnit:
        Keep(d.units, catalogue::ReadUnit(root, file, errors), path.id, root);
        break;
      case DeclarationKind::kPurpose:
        Keep(d.purposes, consent::ReadPurpose(root, file, errors), path.id, root);
        break;
      case DeclarationKind::kPrincipal:
        Keep(d.principals, accounts::ReadPrincipal(root, file, errors), path.id, root);
        break;
      case DeclarationKind::kDataset:
        d.datasets.push_back(catalogue::ReadDataset(root, file, path.id, errors));
        break;
      case DeclarationKind::kUse:
        Keep(d.uses, policy::ReadUse(root, file, errors), path.id, root);
        break;
      case DeclarationKind::kAgreement:
        Keep(d.agreements, policy::ReadAgreement(root, file, errors), path.id, root);
        break;
      case DeclarationKind::kMapping:
        Keep(d.mappings, consent::ReadMapping(root, file, errors), path.id, root);
        break;
    }
  }

  /// Keeps a declaration under the id that its file's name gives. The two must agree, so that no
  /// two files can claim one id.
  template <class T>
  void Keep(std::vector<T>& all, T item, const std::string& id, const YamlNode& root) {
    if (!item.id.empty() && item.id != id) {
      const YamlNode* node = root.Find("id");
      reading_.errors.push_back(
          Error{.code = ErrorCode::kDeclarationInvalid,
                .message = "the id is not the name of its file"}
              .At(Where{.file = item.where.file, .line = node->line, .column = node->column})
              .Expected(id)
              .Found(Quoted(item.id))
              .Next("rename the file or the id"));
    }
    item.id = id;
    all.push_back(std::move(item));
  }

  Reading& reading_;
  SourceMap sources_;
};

void CheckHomeFile(Reading& reading) {
  const auto& files = reading.declarations.files;
  if (std::ranges::find(files, "candour.yaml", &DeclarationFile::path) != files.end()) return;
  reading.errors.push_back(
      Error{.code = ErrorCode::kDeclarationInvalid, .message = "the home has no candour.yaml"}
          .At(Where{.file = "candour.yaml", .line = 1, .column = 1})
          .Expected("a file candour.yaml with name and origin")
          .Found("no such file")
          .Next("candour init DIR makes a home to start from"));
}

}  // namespace

Reading ReadDeclarations(std::vector<DeclarationFile> files) {
  Reading reading;
  std::ranges::sort(files, {}, &DeclarationFile::path);
  reading.declarations.files = std::move(files);
  CheckHomeFile(reading);
  FileReader reader(reading);
  for (const DeclarationFile& file : reading.declarations.files) reader.Read(file);
  CheckDeclarations(reading.declarations, reader.sources(), reading.errors);
  std::ranges::stable_sort(reading.errors, {}, [](const Error& error) {
    const Where where = error.where.value_or(Where{});
    return std::tuple(where.file, where.line, where.column);
  });
  return reading;
}

}  // namespace candour::home
