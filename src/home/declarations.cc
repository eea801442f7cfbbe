#include "home/declarations.h"

#include <algorithm>

namespace candour::home {
namespace {

template <class T>
const T* FindById(const std::vector<T>& all, std::string_view id) {
  const auto found = std::ranges::find(all, id, &T::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const catalogue::Unit* Declarations::FindUnit(std::string_view id) const {
  return FindById(units, id);
}

const consent::Purpose* Declarations::FindPurpose(std::string_view id) const {
  return FindById(purposes, id);
}

const accounts::Principal* Declarations::FindPrincipal(std::string_view id) const {
  return FindById(principals, id);
}

const catalogue::Dataset* Declarations::FindDataset(std::string_view name) const {
  const auto found = std::ranges::find(datasets, name, &catalogue::Dataset::name);
  return found == datasets.end() ? nullptr : &*found;
}

const policy::Use* Declarations::FindUse(std::string_view id) const { return FindById(uses, id); }

const policy::Agreement* Declarations::FindAgreement(std::string_view id) const {
  return FindById(agreements, id);
}

}  // namespace candour::home
