#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/dataset.h"
#include "gate/tree.h"

namespace candour::gate {

/// Whose rows a relation holds.
enum class Kind {
  kPublic,      ///< nobody's: public datasets, and published figures
  kPersonRows,  ///< each row belongs to one person; it carries ok, p and its records
  kMixed,       ///< rows of people that no longer say whose: only where rows may leave
};

/// Names of the columns that relations of person rows carry along, unseen by the user.
inline constexpr const char* kOkColumn = "ok";     ///< BOOLEAN: the row's records are permitted
inline constexpr const char* kPersonColumn = "p";  ///< UINTEGER: person number

/// A column as the user may name it, and what the door knows about it.
struct Column {
  std::string name;                          ///< lower case, as the user writes it
  std::string label;                         ///< as it is shown
  std::string internal;                      ///< in the rewritten statement
  const catalogue::Field* field = nullptr;   ///< set while it is that field's own value, unmasked
  std::optional<catalogue::FieldType> type;  ///< set while its values are those of fields so typed
  bool is_person = false;                    ///< the virtual column `person`
  bool groupable = false;                    ///< made of fields the contract marks groupable
  bool measure = false;                      ///< made of one declared measure by arithmetic
  std::string companion;  ///< internal name of the column that says why a figure is protected
};

/// Something in a FROM clause.
struct Relation {
  std::string alias;     ///< lower case, as the user names it
  std::string internal;  ///< r1, r2, …: names the user cannot collide with
  Kind kind = Kind::kPublic;
  std::deque<Column> columns;        ///< a deque, so that addresses stay
  std::vector<std::string> records;  ///< internal names of its record columns
  bool nullable = false;             ///< on the side of an outer join that may be missing
};

/// The names one SELECT can see.
struct Scope {
  std::deque<Relation> relations;               ///< a deque, so that addresses stay
  std::map<std::string, Json> aliases;          ///< names of the select list, before rewriting
  std::map<std::string, const Column*> merged;  ///< columns of USING: which side they mean
  Scope* outer = nullptr;
  bool uses_outer = false;         ///< some name was found further out: a correlated subquery
  bool person_correlated = false;  ///< its WHERE ties its person to the person further out
};

/// A SELECT (or a set operation of them) after rewriting.
struct Query {
  Json node;
  Kind kind = Kind::kPublic;
  std::deque<Column> columns;        ///< internal names c0, c1, …
  std::vector<std::string> records;  ///< r0, r1, … when kind is kPersonRows
  bool correlated = false;
  bool person_correlated = false;
};

}  // namespace candour::gate
