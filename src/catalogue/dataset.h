#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candour::catalogue {

/// How much harm a field can do in the wrong hands, in rising order.
enum class Sensitivity { kOpen, kInternal, kPersonal, kSpecial, kCriminal, kSafeguarding };

std::optional<Sensitivity> ParseSensitivity(std::string_view text);
std::string_view ToString(Sensitivity sensitivity);

/// Sensitivities for which the law asks a further condition of the purpose (UK GDPR arts 9, 10).
inline bool NeedsFurtherCondition(Sensitivity s) { return s >= Sensitivity::kSpecial; }

/// Column types Candour handles; a type outside this list denies.
enum class FieldType { kBoolean, kInteger, kBigint, kDouble, kDecimal, kText, kDate, kTimestamp };

std::optional<FieldType> ParseFieldType(std::string_view physical_type);

/// The engine's name of the type, e.g. "DECIMAL(18,2)" (our decimals are all of that width).
std::string_view SqlName(FieldType type);

/// What a field shows to a use that may not see it whole.
enum class Mask { kNone, kRedact, kPartial, kYear, kMonth, kDistrict, kBand10 };

std::optional<Mask> ParseMask(std::string_view text);
std::string_view ToString(Mask mask);

/// A field of a dataset, as its contract declares it.
struct Field {
  std::string name;  ///< lower-case SQL identifier
  FieldType type = FieldType::kText;
  std::string description;
  bool required = false;                  ///< a row without it goes to quarantine
  bool unique = false;                    ///< a row that repeats it goes to quarantine
  std::vector<std::string> valid_values;  ///< when not empty, others go to quarantine
  std::string category;  ///< data category: a DPV identifier such as "pd:EmailAddress"
  Sensitivity sensitivity = Sensitivity::kPersonal;
  bool identifier = false;          ///< points at one person (name, e-mail, account number)
  Mask mask = Mask::kNone;          ///< what masked and pseudonymised uses see instead of the value
  bool groupable = false;           ///< may be a group key of an aggregates use
  bool measure = false;             ///< may be summed and averaged in an aggregates use
  std::vector<std::string> domain;  ///< the key's whole public domain, when it is public
  std::string identifies;           ///< key space in which this field holds the same person's key
  Where where;
};

/// Who a key stands for.
enum class Holder { kPerson, kAccount, kHousehold };

std::optional<Holder> ParseHolder(std::string_view text);
std::string_view ToString(Holder holder);

/// The field that says whose a row is.
struct PersonKey {
  std::string field;
  std::string key_space;  ///< e.g. "food.card": records of one key space share their numbers
  Holder holder = Holder::kPerson;
};

/// A data category that depends on a row's value, looked up when the dataset is adopted: the row
/// takes the category that `lookup_dataset` gives in `lookup_category` for the same key.
struct RowCategory {
  std::string field;
  std::string lookup_dataset;
  std::string lookup_key;
  std::string lookup_category;
};

/// Where adopt reads from.
struct Source {
  enum class Kind { kCsv, kParquet, kJson, kPostgres } kind = Kind::kCsv;
  std::string location;  ///< a path relative to the home, or a libpq connection string
  std::string table;     ///< PostgreSQL only
};

/// A dataset: one table described by an Open Data Contract Standard file.
struct Dataset {
  std::string name;  ///< "schema.table"
  std::string title;
  std::string description;
  std::string unit;
  std::string owner;
  std::vector<std::string> stewards;
  std::string origin;                   ///< "real", "generated": pages say which
  std::string licence;                  ///< SPDX identifier
  std::optional<PersonKey> person_key;  ///< none: public kind, nobody in it
  std::optional<RowCategory> row_category;
  std::vector<Field> fields;
  Source source;
  Where where;

  bool HasPeople() const { return person_key.has_value(); }
  const Field* FindField(std::string_view field_name) const;
};

}  // namespace candour::catalogue
