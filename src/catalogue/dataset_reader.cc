#include "catalogue/dataset_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "catalogue/contract.h"
#include "catalogue/field_reader.h"
#include "catalogue/source_reader.h"

namespace candour::catalogue {
namespace {

Error Invalid(std::string message) {
  return Error{.code = ErrorCode::kDeclarationInvalid, .message = std::move(message)};
}

void ReadTeam(const Contract& contract, Dataset& dataset, Diagnostics& diagnostics) {
  std::vector<const ContractMember*> owners;
  for (const ContractMember& member : contract.members) {
    if (member.left || member.username.empty()) continue;
    if (member.role == "owner") owners.push_back(&member);
    if (member.role == "steward") dataset.stewards.push_back(member.username);
  }
  if (owners.size() == 1) {
    dataset.owner = owners.front()->username;
  } else {
    diagnostics.push_back(
        Error{.code = ErrorCode::kOwnership,
              .message = owners.empty() ? "the dataset has no owner" : "the dataset has two owners"}
            .At(owners.empty() ? contract.team_where : owners[1]->where)
            .Expected("exactly one team member with role: owner")
            .Found(fmt::format("{} owners", owners.size()))
            .Next("name the one person or body that answers for this dataset"));
  }
  if (dataset.stewards.empty()) {
    diagnostics.push_back(
        Error{.code = ErrorCode::kOwnership, .message = "the dataset has no steward"}
            .At(contract.team_where)
            .Expected("at least one team member with role: steward")
            .Found("no steward")
            .Next("name who keeps its quality and classification"));
  }
}

std::optional<PersonKey> ReadPersonKey(YamlReader& own) {
  if (!own.Has("candour.personKey")) return std::nullopt;
  YamlReader reader(own.OptionalMapping("candour.personKey"), own.file(), "candour.personKey",
                    own.diagnostics());
  PersonKey key{
      .field = reader.Text("field"),
      .key_space = reader.Text("keySpace"),
      .holder = reader.OptionalEnum(
          "holder", {Holder::kPerson, Holder::kAccount, Holder::kHousehold}, Holder::kPerson)};
  reader.Finish();
  return key;
}

std::optional<RowCategory> ReadRowCategory(YamlReader& own) {
  if (!own.Has("candour.rowCategory")) return std::nullopt;
  YamlReader reader(own.OptionalMapping("candour.rowCategory"), own.file(), "candour.rowCategory",
                    own.diagnostics());
  RowCategory category{.field = reader.Text("field"),
                       .lookup_dataset = reader.Text("lookupDataset"),
                       .lookup_key = reader.Text("lookupKey"),
                       .lookup_category = reader.Text("lookupCategory")};
  reader.Finish();
  return category;
}

std::vector<std::string> FieldNames(const Dataset& dataset) {
  std::vector<std::string> names;
  for (const Field& field : dataset.fields) names.push_back(field.name);
  return names;
}

/// Reports a field named under `key` that the contract's table does not have.
const Field* FindNamed(const Dataset& dataset, const std::string& name, std::string_view key,
                       YamlReader& own) {
  const Field* field = dataset.FindField(name);
  if (field != nullptr || name.empty()) return field;
  own.Report(Error{.code = ErrorCode::kDeclarationUnknownName,
                   .message = fmt::format("{} names a field that the table does not have", key)}
                 .At(own.Place(key))
                 .Expected("a field of this contract")
                 .Found(Quoted(name))
                 .Next(SuggestName(name, FieldNames(dataset))));
  return nullptr;
}

void CheckPersonKey(const Dataset& dataset, YamlReader& own) {
  if (!dataset.person_key) return;
  const Field* field = FindNamed(dataset, dataset.person_key->field, "candour.personKey", own);
  if (field == nullptr) return;
  if (!field->required) {
    own.Report(Invalid("the person key's field is not required: " + field->name)
                   .At(field->where)
                   .Expected("required: true, since a row that is nobody's is never shown")
                   .Found("required: false"));
  }
  if (field->groupable) {
    own.Report(Invalid("the person key's field cannot be groupable: " + field->name)
                   .At(field->where)
                   .Expected("candour.groupable: false")
                   .Found("candour.groupable: true"));
  }
}

void ReadFields(const ContractTable& table, const std::string& file, Dataset& dataset,
                Diagnostics& diagnostics) {
  std::set<std::string_view> seen;
  for (const ContractProperty& property : table.properties) {
    dataset.fields.push_back(ReadField(property, dataset.HasPeople(), file, diagnostics));
    if (!seen.insert(property.name).second) {
      diagnostics.push_back(Error{.code = ErrorCode::kDeclarationDuplicate,
                                  .message = "a field is declared twice: " + property.name}
                                .At(property.where)
                                .Expected("each field once")
                                .Found(Quoted(property.name)));
    }
  }
  if (table.properties.empty()) {
    diagnostics.push_back(Invalid("the contract's table has no properties")
                              .At(table.where)
                              .Expected("properties: with one entry at least")
                              .Found("none"));
  }
}

/// The contract's one table, or nullptr when it is reported.
const ContractTable* OnlyTable(const Contract& contract, std::string_view name,
                               Diagnostics& diagnostics) {
  if (contract.tables.size() != 1) {
    diagnostics.push_back(Invalid("the contract does not describe exactly one table")
                              .At(contract.where)
                              .Expected("schema: with one entry")
                              .Found(fmt::format("{} entries", contract.tables.size())));
    return nullptr;
  }
  const ContractTable& table = contract.tables.front();
  const std::string_view expected = name.substr(name.find('.') + 1);
  if (!table.name.empty() && table.name != expected) {
    diagnostics.push_back(Invalid("the table's name is not that of its file")
                              .At(table.where)
                              .Expected(std::string(expected))
                              .Found(Quoted(table.name))
                              .Next("rename the file or the table"));
  }
  return &table;
}

}  // namespace

Dataset ReadDataset(const YamlNode& root, const std::string& file, std::string_view name,
                    Diagnostics& diagnostics) {
  const Contract contract = ReadContract(root, file, diagnostics);
  YamlReader own(&contract.candour, file, "the contract's own settings", diagnostics);
  Dataset dataset{.name = std::string(name),
                  .title = contract.name,
                  .description = contract.purpose,
                  .where = contract.where};
  dataset.unit = own.Text("candour.unit");
  dataset.origin = own.Text("candour.origin");
  if (!dataset.origin.empty() && dataset.origin != "real" && dataset.origin != "generated") {
    own.Report(Invalid("a value is not one of those accepted: candour.origin")
                   .At(own.Place("candour.origin"))
                   .Expected("one of real, generated")
                   .Found(Quoted(dataset.origin)));
  }
  dataset.licence = own.OptionalText("candour.licence");
  dataset.person_key = ReadPersonKey(own);
  dataset.row_category = ReadRowCategory(own);
  own.Finish();
  ReadTeam(contract, dataset, diagnostics);
  const ContractTable* table = OnlyTable(contract, name, diagnostics);
  if (table == nullptr) return dataset;
  if (dataset.description.empty()) dataset.description = table->description;
  ReadFields(*table, file, dataset, diagnostics);
  CheckPersonKey(dataset, own);
  if (dataset.row_category) {
    FindNamed(dataset, dataset.row_category->field, "candour.rowCategory", own);
  }
  dataset.source = ReadSource(contract, file, diagnostics);
  return dataset;
}

}  // namespace candour::catalogue
