#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "home/check.h"

namespace candour::home {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;

template <class T>
std::vector<std::string> Ids(const std::vector<T>& all) {
  std::vector<std::string> ids;
  for (const T& item : all) ids.push_back(item.id);
  return ids;
}

class NameChecker {
 public:
  NameChecker(const Declarations& d, const SourceMap& sources, Diagnostics& errors)
      : d_(d),
        sources_(sources),
        errors_(errors),
        units_(Ids(d.units)),
        purposes_(Ids(d.purposes)),
        principals_(Ids(d.principals)),
        agreements_(Ids(d.agreements)) {
    for (const Dataset& dataset : d.datasets) {
      datasets_.push_back(dataset.name);
      if (dataset.person_key) key_spaces_.push_back(dataset.person_key->key_space);
    }
  }

  void Run() {
    for (const Dataset& dataset : d_.datasets) Check(dataset);
    for (const consent::Purpose& purpose : d_.purposes) {
      if (purpose.parent.empty()) continue;
      Known("purpose", purpose.parent, purposes_, purpose.where.file, {"parent"});
    }
    for (const accounts::Principal& principal : d_.principals) {
      if (principal.unit.empty()) continue;
      Known("unit", principal.unit, units_, principal.where.file, {"unit"});
    }
    for (const policy::Use& use : d_.uses) Check(use);
    for (const policy::Agreement& agreement : d_.agreements) Check(agreement);
    for (const consent::Mapping& mapping : d_.mappings) Check(mapping);
  }

 private:
  using Path = std::initializer_list<std::string_view>;

  void Report(Error error, const std::string& file, Path path) {
    errors_.push_back(std::move(error.At(sources_.At(file, path))));
  }

  /// Reports `name` unless it is declared. A missing name has been reported by its reader.
  bool Known(std::string_view what, const std::string& name,
             const std::vector<std::string>& declared, const std::string& file, Path path) {
    if (name.empty()) return false;
    if (std::ranges::find(declared, name) != declared.end()) return true;
    Report(Error{.code = ErrorCode::kDeclarationUnknownName,
                 .message = fmt::format("no {} of that name is declared", what)}
               .Expected(fmt::format("the name of a declared {}", what))
               .Found(Quoted(name))
               .Next(SuggestName(name, declared)),
           file, path);
    return false;
  }

  const Field* KnownField(const Dataset& dataset, const std::string& name, const std::string& file,
                          Path path) {
    std::vector<std::string> names;
    for (const Field& field : dataset.fields) names.push_back(field.name);
    Known("field in " + dataset.name, name, names, file, path);
    return dataset.FindField(name);
  }

  void Check(const Dataset& dataset);
  void CheckRowCategory(const Dataset& dataset);
  void Check(const policy::Use& use);
  void Check(const policy::Use& use, const policy::Grant& grant);
  void Check(const policy::Agreement& agreement);
  void Check(const consent::Mapping& mapping);

  const Declarations& d_;
  const SourceMap& sources_;
  Diagnostics& errors_;
  std::vector<std::string> units_;
  std::vector<std::string> purposes_;
  std::vector<std::string> principals_;
  std::vector<std::string> agreements_;
  std::vector<std::string> datasets_;
  std::vector<std::string> key_spaces_;
};

void NameChecker::Check(const Dataset& dataset) {
  const std::string& file = dataset.where.file;
  Known("unit", dataset.unit, units_, file, {"customProperties", "property=candour.unit", "value"});
  const std::string table = "name=" + dataset.name.substr(dataset.name.find('.') + 1);
  for (const Field& field : dataset.fields) {
    if (field.identifies.empty()) continue;
    const std::string name = "name=" + field.name;
    Known("key space (candour.personKey)", field.identifies, key_spaces_, file,
          {"schema", table, "properties", name, "customProperties", "property=candour.identifies",
           "value"});
  }
  if (dataset.row_category) CheckRowCategory(dataset);
}

void NameChecker::CheckRowCategory(const Dataset& dataset) {
  const catalogue::RowCategory& category = *dataset.row_category;
  const std::string& file = dataset.where.file;
  const std::string_view entry = "property=candour.rowCategory";
  if (!Known("dataset", category.lookup_dataset, datasets_, file,
             {"customProperties", entry, "value", "lookupDataset"})) {
    return;
  }
  const Dataset& lookup = *d_.FindDataset(category.lookup_dataset);
  KnownField(lookup, category.lookup_key, file, {"customProperties", entry, "value", "lookupKey"});
  KnownField(lookup, category.lookup_category, file,
             {"customProperties", entry, "value", "lookupCategory"});
  if (lookup.HasPeople()) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = "a look-up for row categories has people in it"}
               .Expected("a dataset without candour.personKey")
               .Found(Quoted(lookup.name)),
           file, {"customProperties", entry, "value", "lookupDataset"});
  }
}

void NameChecker::Check(const policy::Use& use) {
  const std::string& file = use.where.file;
  Known("purpose", use.purpose, purposes_, file, {"purpose"});
  Known("unit", use.unit, units_, file, {"unit"});
  for (const std::string& principal : use.principals) {
    Known("principal", principal, principals_, file, {"principals", principal});
  }
  if (!use.agreement.empty()) {
    Known("agreement", use.agreement, agreements_, file, {"agreement"});
  }
  for (const policy::Grant& grant : use.grants) Check(use, grant);
}

void NameChecker::Check(const policy::Use& use, const policy::Grant& grant) {
  const std::string& file = use.where.file;
  const std::string entry = "dataset=" + grant.dataset;
  if (!Known("dataset", grant.dataset, datasets_, file, {"grants", entry, "dataset"})) return;
  const Dataset& dataset = *d_.FindDataset(grant.dataset);
  for (const std::string& field : grant.fields) {
    KnownField(dataset, field, file, {"grants", entry, "fields", field});
  }
  if (!grant.row_categories.empty() && !dataset.row_category) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = "a grant lets row categories through that the dataset does not have"}
               .Expected("a dataset with candour.rowCategory")
               .Found(Quoted(grant.dataset)),
           file, {"grants", entry, "rowCategories"});
  }
}

void NameChecker::Check(const policy::Agreement& agreement) {
  const std::string& file = agreement.where.file;
  for (const std::string& purpose : agreement.purposes) {
    Known("purpose", purpose, purposes_, file, {"purposes", purpose});
  }
  for (const std::string& dataset : agreement.datasets) {
    Known("dataset", dataset, datasets_, file, {"datasets", dataset});
  }
}

void NameChecker::Check(const consent::Mapping& mapping) {
  const std::string& file = mapping.where.file;
  Known("unit", mapping.unit, units_, file, {"unit"});
  Known("purpose", mapping.purpose, purposes_, file, {"purpose"});
  if (!Known("dataset", mapping.dataset, datasets_, file, {"dataset"})) return;
  const Dataset& dataset = *d_.FindDataset(mapping.dataset);
  KnownField(dataset, mapping.field, file, {"field"});
  if (!dataset.HasPeople()) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = "a mapping reads choices from a dataset that has no people in it"}
               .Expected("a dataset with candour.personKey")
               .Found(Quoted(mapping.dataset)),
           file, {"dataset"});
  }
  if (mapping.time_field.empty()) return;
  const Field* time = KnownField(dataset, mapping.time_field, file, {"timeField"});
  if (time != nullptr && time->type != FieldType::kDate && time->type != FieldType::kTimestamp) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = "a mapping's time field is no time: " + mapping.time_field}
               .Expected("a field of type DATE or TIMESTAMP")
               .Found(std::string(catalogue::SqlName(time->type))),
           file, {"timeField"});
  }
}

}  // namespace

void CheckNames(const Declarations& declarations, const SourceMap& sources, Diagnostics& errors) {
  NameChecker(declarations, sources, errors).Run();
}

}  // namespace candour::home
