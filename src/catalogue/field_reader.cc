#include "catalogue/field_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "catalogue/category.h"

namespace candour::catalogue {
namespace {

constexpr std::size_t kNameMax = 63;

std::optional<FieldType> TypeOf(const ContractProperty& property) {
  if (!property.physical_type.empty()) return ParseFieldType(property.physical_type);
  if (property.logical_type == "string") return FieldType::kText;
  if (property.logical_type == "integer") return FieldType::kBigint;
  if (property.logical_type == "number") return FieldType::kDouble;
  return ParseFieldType(property.logical_type);
}

bool IsNumber(FieldType type) {
  return type == FieldType::kInteger || type == FieldType::kBigint || type == FieldType::kDouble ||
         type == FieldType::kDecimal;
}

/// Reports at the value of one of the field's own properties, else at the field.
class FieldComplaint {
 public:
  FieldComplaint(const Field& field, YamlReader& reader) : field_(field), reader_(reader) {}

  void Say(ErrorCode code, std::string_view key, std::string_view what, std::string expected,
           std::string found, std::string next = "") {
    Where where = field_.where;
    if (reader_.Has(key)) where = reader_.Place(key);
    reader_.Report(Error{.code = code, .message = fmt::format("{}: {}", what, field_.name)}
                       .At(std::move(where))
                       .Expected(std::move(expected))
                       .Found(std::move(found))
                       .Next(std::move(next)));
  }

 private:
  const Field& field_;
  YamlReader& reader_;
};

void CheckName(const Field& field, FieldComplaint& complaint) {
  if (!field.name.empty() && !IsSqlName(field.name)) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "", "a field's name is not of the accepted form",
                  "a lower-case SQL identifier of at most 63 characters", Quoted(field.name));
  }
  if (field.name == "person" || field.name.starts_with("candour_")) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "", "a field's name is taken by Candour itself",
                  "another name than person or candour_…", Quoted(field.name));
  }
}

void CheckCategory(const Field& field, FieldComplaint& complaint, YamlReader& own) {
  constexpr std::string_view kKey = "candour.category";
  if (!field.category.empty() && !IsCategory(field.category)) {
    complaint.Say(ErrorCode::kDeclarationUnknownName, kKey, "a field's data category is not known",
                  "a pd: or dpv: term of DPV 2.3, or one of Candour's own", Quoted(field.category),
                  SuggestName(field.category, Categories()));
  }
  const Sensitivity least = LeastSensitivity(field.category);
  if (own.Has("candour.sensitivity") && field.sensitivity < least) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "candour.sensitivity",
                  "a field is less sensitive than its data category",
                  fmt::format("{} or above, for {}", ToString(least), field.category),
                  std::string(ToString(field.sensitivity)));
  }
}

void CheckPeople(const Field& field, bool has_people, FieldComplaint& complaint, YamlReader& own) {
  if (has_people) {
    for (const std::string_view key : {"candour.category", "candour.sensitivity"}) {
      if (own.Has(key)) continue;
      complaint.Say(ErrorCode::kCategoryMissing, "",
                    fmt::format("a field about people has no {}", key.substr(8)),
                    fmt::format("customProperties: - property: {}", key), "no such property");
    }
  } else if (field.sensitivity >= Sensitivity::kPersonal || field.identifier ||
             !field.identifies.empty()) {
    complaint.Say(
        ErrorCode::kDeclarationInvalid,
        field.sensitivity >= Sensitivity::kPersonal ? "candour.sensitivity" : "candour.identifies",
        "a field is about people in a dataset that says nobody is in it",
        "candour.personKey on the contract, or a field that is open or internal", "no person key");
  }
}

void CheckUse(const Field& field, FieldComplaint& complaint) {
  if (field.groupable && field.identifier) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "candour.groupable",
                  "a field that identifies a person cannot be groupable",
                  "candour.groupable: false, or a field that is no identifier", "both are true");
  }
  if (field.measure && !IsNumber(field.type)) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "candour.measure",
                  "a field that is no number cannot be a measure",
                  "INTEGER, BIGINT, DOUBLE or DECIMAL", std::string(SqlName(field.type)));
  }
  if (!field.domain.empty() && !field.groupable) {
    complaint.Say(ErrorCode::kDeclarationInvalid, "candour.domain",
                  "a field has a public domain but is not groupable", "candour.groupable: true",
                  "a domain alone");
  }
}

}  // namespace

bool IsSqlName(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kNameMax && name[0] >= 'a' && name[0] <= 'z' &&
         std::ranges::all_of(name, fits);
}

Field ReadField(const ContractProperty& property, bool has_people, const std::string& file,
                Diagnostics& diagnostics) {
  YamlReader own(&property.candour, file, "the property's own settings", diagnostics);
  Field field{.name = property.name,
              .description = property.description,
              .required = property.required,
              .unique = property.unique || property.primary_key,
              .valid_values = property.valid_values,
              .where = property.where};
  field.category = own.OptionalText("candour.category");
  field.sensitivity =
      own.OptionalEnum("candour.sensitivity",
                       {Sensitivity::kOpen, Sensitivity::kInternal, Sensitivity::kPersonal,
                        Sensitivity::kSpecial, Sensitivity::kCriminal, Sensitivity::kSafeguarding},
                       has_people ? Sensitivity::kPersonal : Sensitivity::kInternal);
  field.identifier = own.OptionalBool("candour.identifier", false);
  field.mask = own.OptionalEnum("candour.mask",
                                {Mask::kNone, Mask::kRedact, Mask::kPartial, Mask::kYear,
                                 Mask::kMonth, Mask::kDistrict, Mask::kBand10},
                                Mask::kNone);
  field.groupable = own.OptionalBool("candour.groupable", false);
  field.measure = own.OptionalBool("candour.measure", false);
  field.domain = own.OptionalTexts("candour.domain");
  field.identifies = own.OptionalText("candour.identifies");
  auto valid_values = own.OptionalTexts("candour.validValues");
  if (!valid_values.empty()) field.valid_values = std::move(valid_values);
  own.Finish();

  FieldComplaint complaint(field, own);
  if (const auto type = TypeOf(property)) {
    field.type = *type;
    CheckUse(field, complaint);
  } else {
    complaint.Say(
        ErrorCode::kDeclarationInvalid, "", "a field's type is not one Candour handles",
        "BOOLEAN, INTEGER, BIGINT, DOUBLE, DECIMAL(18,2), VARCHAR, DATE or TIMESTAMP",
        Quoted(property.physical_type.empty() ? property.logical_type : property.physical_type));
  }
  CheckName(field, complaint);
  CheckPeople(field, has_people, complaint, own);
  CheckCategory(field, complaint, own);
  return field;
}

}  // namespace candour::catalogue
