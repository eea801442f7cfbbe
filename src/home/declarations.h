#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/principal.h"
#include "catalogue/dataset.h"
#include "catalogue/unit.h"
#include "consent/mapping.h"
#include "consent/purpose.h"
#include "policy/use.h"

namespace candour::home {

/// The text of one declaration file, as it stood when it was read.
struct DeclarationFile {
  std::string path;  ///< relative to the home, "/" between folders
  std::string text;
  bool operator==(const DeclarationFile&) const = default;
};

/// candour.yaml.
struct HomeSettings {
  std::string name;
  std::string origin;                      ///< log origin
  std::string mode;                        ///< "production" or "demonstration"
  std::vector<std::string> sources_allow;  ///< folders, relative to the home
};

/// Everything a home declares, read and checked. The file texts are kept, since they are what is
/// in force: the structures are worked out of them by one reader.
struct Declarations {
  std::vector<DeclarationFile> files;
  HomeSettings settings;
  std::vector<catalogue::Unit> units;
  std::vector<consent::Purpose> purposes;
  std::vector<accounts::Principal> principals;
  std::vector<catalogue::Dataset> datasets;
  std::vector<policy::Use> uses;
  std::vector<policy::Agreement> agreements;
  std::vector<consent::Mapping> mappings;

  const catalogue::Unit* FindUnit(std::string_view id) const;
  const consent::Purpose* FindPurpose(std::string_view id) const;
  const accounts::Principal* FindPrincipal(std::string_view id) const;
  const catalogue::Dataset* FindDataset(std::string_view name) const;
  const policy::Use* FindUse(std::string_view id) const;
  const policy::Agreement* FindAgreement(std::string_view id) const;
};

}  // namespace candour::home
