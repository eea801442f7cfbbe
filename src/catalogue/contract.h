#pragma once

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"

namespace candour::catalogue {

/// A property (column) of a contract's table.
struct ContractProperty {
  std::string name;
  std::string logical_type;
  std::string physical_type;
  std::string description;
  bool required = false;
  bool unique = false;
  bool primary_key = false;
  std::vector<std::string> valid_values;  ///< of a quality check for invalid values
  YamlNode candour;  ///< its custom properties "candour.…", as a mapping of name to value
  Where where;
};

/// A schema object (table, topic, document) of a contract.
struct ContractTable {
  std::string name;
  std::string physical_name;
  std::string description;
  std::vector<ContractProperty> properties;
  Where where;
};

struct ContractMember {
  std::string username;
  std::string role;
  bool left = false;  ///< has a date on which the member left
  Where where;
};

struct ContractServer {
  std::string type;
  YamlNode node;  ///< the whole server: its other keys depend on its type
};

/// A data contract as the Open Data Contract Standard has it, before anything of ours is asked.
struct Contract {
  std::string api_version;
  std::string id;
  std::string version;
  std::string status;
  std::string name;
  std::string purpose;  ///< of its description
  std::vector<ContractTable> tables;
  std::vector<ContractMember> members;  ///< in the list form of 3.0 or the team form of 3.1
  std::vector<ContractServer> servers;
  YamlNode candour;  ///< its custom properties "candour.…", as a mapping of name to value
  Where team_where;
  Where where;
};

/// Reads a data contract of ODCS 3.0, 3.1 or 3.2.
///
/// Keys of the standard that Candour does not use are accepted and left alone; keys the standard
/// does not have are reported, except under 3.2, whose list of keys may still grow.
/// Errors: kDeclarationInvalid into `diagnostics`. Threads: any.
/// Source: Open Data Contract Standard, JSON Schemas 3.0.0, 3.0.2, 3.1.0.
Contract ReadContract(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::catalogue
