#include "rights/person_json.h"

#include <nlohmann/json.hpp>
#include <variant>

namespace candour::rights {
namespace {

using Json = nlohmann::json;

Json ValueJson(const engine::Value& value) {
  return std::visit(
      [](const auto& one) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::monostate>) {
          return nullptr;
        } else {
          return one;
        }
      },
      value);
}

Json HeldJson(const HeldDataset& held) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < held.newest.columns.size(); ++i) {
    const engine::Column& column = held.newest.columns[i];
    columns.push_back({{"name", column.name}, {"type", column.type}, {"label", held.labels[i]}});
  }
  Json rows = Json::array();
  for (const auto& row : held.newest.rows) {
    Json values = Json::array();
    for (const engine::Value& value : row) values.push_back(ValueJson(value));
    rows.push_back(std::move(values));
  }
  return {{"dataset", held.name},
          {"title", held.title},
          {"unit", held.unit},
          {"origin", held.origin},
          {"holder", std::string(ToString(held.holder))},
          {"adopted_at", FormatTime(held.adopted_at)},
          {"rows", held.rows},
          {"withheld_rows", held.withheld_rows},
          {"withheld_fields", held.withheld},
          {"newest", {{"columns", std::move(columns)}, {"rows", std::move(rows)}}}};
}

Json ChoiceJson(const ChoiceLine& line) {
  const consent::Choice& choice = line.choice;
  return {{"purpose", choice.purpose},
          {"purpose_name", line.purpose},
          {"unit", choice.unit},
          {"unit_name", line.unit},
          {"channel", choice.channel},
          {"category", choice.category},
          {"recipient", choice.recipient},
          {"evidence", std::string(ToString(choice.evidence))},
          {"source", choice.source},
          {"notice", choice.notice},
          {"made_at", FormatTime(choice.event_time)},
          {"recorded_at", FormatTime(choice.recorded_time)}};
}

Json EffectJson(const UseEffect& effect) {
  Json datasets = Json::array();
  for (const DatasetEffect& one : effect.datasets) {
    datasets.push_back({{"dataset", one.dataset},
                        {"title", one.title},
                        {"held", one.held},
                        {"permitted", one.permitted},
                        {"reason", std::string(ToString(one.reason))},
                        {"why", one.why}});
  }
  return {{"use", effect.use},
          {"title", effect.title},
          {"recipient", effect.recipient},
          {"purpose_name", effect.purpose},
          {"output", std::string(ToString(effect.output))},
          {"held", effect.Held()},
          {"included", effect.Included()},
          {"datasets", std::move(datasets)}};
}

template <class T, class ToJson>
Json ListJson(const std::vector<T>& items, ToJson to_json) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(to_json(item));
  return list;
}

}  // namespace

Json PersonJson(const PersonView& view) {
  return {{"person", view.person.text},
          {"time", FormatTime(view.time)},
          {"identities", ListJson(view.identities,
                                  [](const people::Identity& one) {
                                    return Json{{"key_space", one.key_space}, {"key", one.key}};
                                  })},
          {"held", ListJson(view.held, HeldJson)},
          {"choices", ListJson(view.choices, ChoiceJson)},
          {"effects", ListJson(view.effects, EffectJson)},
          {"accesses", view.accesses_known ? AccessesJson(view.accesses) : Json()}};
}

}  // namespace candour::rights
