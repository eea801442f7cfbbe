#include "catalogue/contract.h"

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/yaml_reader.h"

namespace candour::catalogue {
namespace {

constexpr std::string_view kOwnPrefix = "candour.";

/// Reads the parts of one contract, remembering what all of them need.
class ContractReader {
 public:
  ContractReader(const std::string& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  Contract Read(const YamlNode& root);

 private:
  void ReadVersion(YamlReader& reader, Contract& contract);
  std::vector<ContractTable> ReadTables(YamlReader& reader);
  std::vector<ContractProperty> ReadProperties(YamlReader& reader);
  ContractProperty ReadProperty(const YamlNode& node);
  std::vector<std::string> ReadValidValues(YamlReader& reader);
  void ReadTeam(YamlReader& reader, Contract& contract);
  std::vector<ContractMember> ReadMembers(const std::vector<YamlNode>& items);
  YamlNode ReadCustom(YamlReader& reader);
  void Finish(YamlReader& reader) {
    if (strict_) reader.Finish();
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
  bool strict_ = true;
};

Contract ContractReader::Read(const YamlNode& root) {
  YamlReader reader(&root, file_, "the contract", diagnostics_);
  Contract contract;
  contract.where = reader.Place();
  ReadVersion(reader, contract);
  contract.id = reader.Text("id");
  contract.version = reader.Text("version");
  contract.status = reader.Text("status");
  contract.name = reader.OptionalText("name");
  if (const YamlNode* description = reader.Any("description");
      description != nullptr && description->IsMapping()) {
    const YamlNode* purpose = description->Find("purpose");
    if (purpose != nullptr) contract.purpose = purpose->text;
  }
  contract.tables = ReadTables(reader);
  ReadTeam(reader, contract);
  for (const YamlNode& node : reader.OptionalItems("servers")) {
    YamlReader server(&node, file_, "a server", diagnostics_);
    server.Text("server");
    contract.servers.push_back(ContractServer{.type = server.Text("type"), .node = node});
  }
  contract.candour = ReadCustom(reader);
  reader.Ignore({"tenant", "tags", "dataProduct", "domain", "support", "price", "roles",
                 "slaDefaultElement", "slaProperties", "authoritativeDefinitions",
                 "contractCreatedTs"});
  Finish(reader);
  return contract;
}

void ContractReader::ReadVersion(YamlReader& reader, Contract& contract) {
  contract.api_version = reader.Text("apiVersion");
  const std::string_view version = contract.api_version;
  strict_ = !version.starts_with("v3.2.");
  if (!version.empty() && !version.starts_with("v3.0.") && !version.starts_with("v3.1.") &&
      strict_) {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "the contract follows a version of the standard that is not "
                                   "read"}
                      .At(reader.Place("apiVersion"))
                      .Expected("v3.0.x, v3.1.x or v3.2.x")
                      .Found(Quoted(version)));
  }
  if (const std::string kind = reader.Text("kind"); !kind.empty() && kind != "DataContract") {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "kind is not what this file must hold"}
                      .At(reader.Place("kind"))
                      .Expected("DataContract")
                      .Found(Quoted(kind)));
  }
}

std::vector<ContractTable> ContractReader::ReadTables(YamlReader& reader) {
  std::vector<ContractTable> tables;
  for (const YamlNode& node : reader.OptionalItems("schema")) {
    YamlReader object(&node, file_, "the table", diagnostics_);
    ContractTable table;
    table.where = object.Place();
    table.name = object.Text("name");
    table.physical_name = object.OptionalText("physicalName");
    table.description = object.OptionalText("description");
    table.properties = ReadProperties(object);
    object.Ignore({"id", "logicalType", "physicalType", "businessName", "authoritativeDefinitions",
                   "tags", "customProperties", "dataGranularityDescription", "quality",
                   "relationships"});
    Finish(object);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<ContractProperty> ContractReader::ReadProperties(YamlReader& reader) {
  std::vector<ContractProperty> properties;
  for (const YamlNode& node : reader.OptionalItems("properties")) {
    properties.push_back(ReadProperty(node));
  }
  return properties;
}

ContractProperty ContractReader::ReadProperty(const YamlNode& node) {
  YamlReader reader(&node, file_, "the property", diagnostics_);
  ContractProperty property;
  property.where = reader.Place();
  property.name = reader.Text("name");
  property.logical_type = reader.OptionalText("logicalType");
  property.physical_type = reader.OptionalText("physicalType");
  property.description = reader.OptionalText("description");
  property.required = reader.OptionalBool("required", false);
  property.unique = reader.OptionalBool("unique", false);
  property.primary_key = reader.OptionalBool("primaryKey", false);
  property.valid_values = ReadValidValues(reader);
  property.candour = ReadCustom(reader);
  reader.Ignore({"id", "businessName", "authoritativeDefinitions", "tags", "primaryKeyPosition",
                 "logicalTypeOptions", "physicalName", "partitioned", "partitionKeyPosition",
                 "classification", "encryptedName", "transformSourceObjects", "transformLogic",
                 "transformDescription", "examples", "criticalDataElement", "relationships",
                 "items", "properties"});
  Finish(reader);
  return property;
}

/// The library check for invalid values: `metric: invalidValues` with `arguments` from 3.1 on,
/// `rule: validValues` with the list beside it in 3.0.
std::vector<std::string> ContractReader::ReadValidValues(YamlReader& reader) {
  std::vector<std::string> values;
  for (const YamlNode& check : reader.OptionalItems("quality")) {
    if (!check.IsMapping()) continue;
    const YamlNode* list = check.Find("validValues");
    if (const YamlNode* arguments = check.Find("arguments"); arguments != nullptr) {
      list = arguments->Find("validValues");
    }
    if (list == nullptr || !list->IsList()) continue;
    for (const YamlNode& value : list->items) values.push_back(value.text);
  }
  return values;
}

void ContractReader::ReadTeam(YamlReader& reader, Contract& contract) {
  contract.team_where = reader.Place("team");
  const YamlNode* team = reader.Any("team");
  if (team == nullptr) return;
  if (team->IsList()) {
    contract.members = ReadMembers(team->items);
    return;
  }
  YamlReader inner(team, file_, "the team", diagnostics_);
  contract.members = ReadMembers(inner.OptionalItems("members"));
  inner.Ignore(
      {"id", "name", "description", "tags", "customProperties", "authoritativeDefinitions"});
  Finish(inner);
}

std::vector<ContractMember> ContractReader::ReadMembers(const std::vector<YamlNode>& items) {
  std::vector<ContractMember> members;
  for (const YamlNode& node : items) {
    YamlReader reader(&node, file_, "the team member", diagnostics_);
    members.push_back(ContractMember{.username = reader.OptionalText("username"),
                                     .role = reader.OptionalText("role"),
                                     .left = reader.Has("dateOut"),
                                     .where = reader.Place()});
    reader.Ignore({"id", "name", "description", "dateIn", "dateOut", "replacedByUsername", "tags",
                   "customProperties", "authoritativeDefinitions"});
    Finish(reader);
  }
  return members;
}

YamlNode ContractReader::ReadCustom(YamlReader& reader) {
  YamlNode own;
  own.kind = YamlNode::Kind::kMapping;
  own.line = reader.Place().line;
  own.column = reader.Place().column;
  for (const YamlNode& node : reader.OptionalItems("customProperties")) {
    YamlReader entry(&node, file_, "the custom property", diagnostics_);
    const std::string name = entry.Text("property");
    const YamlNode* value = entry.Any("value");
    entry.Ignore({"id", "description"});
    Finish(entry);
    if (!name.starts_with(kOwnPrefix)) continue;
    const Where place = entry.Place("property");
    if (value == nullptr || own.Find(name) != nullptr) {
      entry.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                         .message = value == nullptr ? "a custom property has no value"
                                                     : "a custom property is given twice"}
                       .At(place)
                       .Expected("one property with one value")
                       .Found(Quoted(name)));
      continue;
    }
    own.keys.push_back(YamlKey{name, place.line, place.column});
    own.items.push_back(*value);
  }
  return own;
}

}  // namespace

Contract ReadContract(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  return ContractReader(file, diagnostics).Read(root);
}

}  // namespace candour::catalogue
