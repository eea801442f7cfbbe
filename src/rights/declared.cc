#include "rights/declared.h"

#include <algorithm>

namespace candour::rights {
namespace {

template <class T>
const T* Find(std::span<const T> items, std::string_view wanted, std::string T::* name) {
  const auto found = std::ranges::find(items, wanted, name);
  return found == items.end() ? nullptr : &*found;
}

std::string Either(const std::string& name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : name;
}

}  // namespace

const policy::Use* FindUse(const policy::Rules& rules, std::string_view id) {
  return Find(rules.uses, id, &policy::Use::id);
}

const consent::Purpose* FindPurpose(const policy::Rules& rules, std::string_view id) {
  return Find(rules.purposes, id, &consent::Purpose::id);
}

const catalogue::Dataset* FindDataset(const policy::Rules& rules, std::string_view name) {
  return Find(rules.datasets, name, &catalogue::Dataset::name);
}

std::string NameOfUnit(const policy::Rules& rules, std::string_view id) {
  const catalogue::Unit* unit = Find(rules.units, id, &catalogue::Unit::id);
  return Either(unit == nullptr ? "" : unit->name, id);
}

std::string NameOfPurpose(const policy::Rules& rules, std::string_view id) {
  const consent::Purpose* purpose = FindPurpose(rules, id);
  return Either(purpose == nullptr ? "" : purpose->name, id);
}

std::string TitleOfDataset(const policy::Rules& rules, std::string_view name) {
  const catalogue::Dataset* dataset = FindDataset(rules, name);
  return Either(dataset == nullptr ? "" : dataset->title, name);
}

policy::Decision DecideForItsOwn(const policy::Rules& rules, const policy::Use& use, UtcTime now) {
  const std::string principal = use.principals.empty() ? "" : use.principals.front();
  return policy::Decide(rules, {.use = use.id, .principal = principal}, now);
}

}  // namespace candour::rights
