#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "rights/plain_words.h"
#include "rights/public_register.h"

namespace candour::rights {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kLabelColumns = 15;
constexpr std::string_view kIndent = "                 ";  // two spaces and the label's columns

/// "  Label         text", the text wrapped beside its label.
std::string Labelled(std::string_view label, std::string_view text) {
  if (text.empty()) return "";
  std::string lines = Wrap(text, kIndent);
  return lines.replace(0, kIndent.size(), fmt::format("  {:<{}}", label, kLabelColumns));
}

std::string StateText(const RegisterEntry& entry) {
  switch (entry.state) {
    case UseState::kInForce:
      return "in force";
    case UseState::kProposed:
      return "proposed; nobody has approved it, so it does not happen";
    case UseState::kRefused:
      return "REFUSED; it does not happen";
    case UseState::kNotYet:
      return "approved; it has not begun";
    case UseState::kEnded:
      return "ended; it does not happen any more";
    case UseState::kShut:
      return fmt::format("approved, but the door stays shut (rule: {})", entry.state_text);
  }
  return "";
}

std::string DecisionText(const RegisterEntry& entry) {
  std::string text = entry.decided_by.empty() ? "" : "Decided by " + entry.decided_by;
  if (!entry.reference.empty()) {
    text += (text.empty() ? "Reference " : ", reference ") + entry.reference;
  }
  if (!text.empty()) text += ". ";
  return text + entry.reason;
}

/// "legal obligation: the law obliges us to do it".
std::string BasisText(consent::LegalBasis basis) {
  std::string name(ToString(basis));
  std::ranges::replace(name, '-', ' ');
  return fmt::format("{}: {}", name, BasisWords(basis));
}

std::string DatasetText(const RegisterDataset& dataset) {
  std::string text = dataset.title;
  if (!dataset.unit.empty()) text += fmt::format(" ({})", dataset.unit);
  if (!dataset.people) return text + ": nobody is in it";
  std::vector<std::string> words;
  for (const std::string& category : dataset.categories) words.push_back(CategoryWords(category));
  if (!words.empty()) text += ": " + JoinWords(words);
  std::vector<std::string> rows;
  for (const std::string& category : dataset.row_categories)
    rows.push_back(CategoryWords(category));
  if (!rows.empty()) text += "; with rows that show " + JoinWords(rows);
  return text;
}

std::string OutputText(const RegisterEntry& entry) {
  std::string text(OutputWords(entry.output));
  if (entry.threshold > 0) text += fmt::format(", at least {} in each", entry.threshold);
  return text;
}

std::string PeriodText(const RegisterEntry& entry) {
  std::vector<std::string> words;
  if (entry.from) words.push_back("from " + PlainDate(*entry.from));
  if (entry.until) words.push_back("until " + PlainDate(*entry.until));
  return fmt::format("{}", fmt::join(words, " "));
}

std::string RecipientText(const RegisterEntry& entry) {
  std::string text = entry.recipient;
  if (!entry.controller.empty()) text += ", of " + entry.controller;
  if (!entry.agreement.empty()) text += fmt::format(", under the agreement “{}”", entry.agreement);
  return text;
}

std::string EntryText(const RegisterEntry& entry) {
  std::string text = fmt::format("\n{}\n{}\n", entry.title, std::string(Columns(entry.title), '-'));
  text += Wrap(entry.text, "  ") + "\n";
  text += Labelled("State", StateText(entry));
  text += Labelled("", DecisionText(entry));
  text += Labelled("Why", entry.purpose_name + ". " + entry.purpose_text);
  if (entry.purpose_known) {
    text += Labelled("By what right", BasisText(entry.basis));
  }
  text += Labelled("In whose name", entry.unit);
  text += Labelled("Who gets it", RecipientText(entry));
  text += Labelled("What leaves", OutputText(entry));
  for (std::size_t i = 0; i < entry.datasets.size(); ++i) {
    text += Labelled(i == 0 ? "What it reads" : "", DatasetText(entry.datasets[i]));
  }
  text += Labelled("When", PeriodText(entry));
  return text + Labelled("Identifier", entry.use);
}

Json DatasetJson(const RegisterDataset& dataset) {
  return {{"dataset", dataset.name},
          {"title", dataset.title},
          {"unit", dataset.unit},
          {"origin", dataset.origin},
          {"people", dataset.people},
          {"categories", dataset.categories},
          {"row_categories", dataset.row_categories}};
}

Json DateJson(const std::optional<UtcTime>& time) {
  return time ? Json(FormatDate(*time)) : Json(nullptr);
}

Json EntryJson(const RegisterEntry& entry) {
  Json datasets = Json::array();
  for (const RegisterDataset& dataset : entry.datasets) datasets.push_back(DatasetJson(dataset));
  const Json basis = entry.purpose_known ? Json(std::string(ToString(entry.basis))) : Json(nullptr);
  return {{"use", entry.use},
          {"title", entry.title},
          {"text", entry.text},
          {"purpose",
           {{"id", entry.purpose},
            {"name", entry.purpose_name},
            {"text", entry.purpose_text},
            {"legal_basis", basis}}},
          {"unit", entry.unit},
          {"recipient", {{"name", entry.recipient}, {"controller", entry.controller}}},
          {"agreement", entry.agreement},
          {"output", std::string(ToString(entry.output))},
          {"threshold", entry.threshold > 0 ? Json(entry.threshold) : Json(nullptr)},
          {"datasets", std::move(datasets)},
          {"from", DateJson(entry.from)},
          {"until", DateJson(entry.until)},
          {"state", std::string(ToString(entry.state))},
          {"decision",
           {{"by", entry.decided_by}, {"reference", entry.reference}, {"reason", entry.reason}}}};
}

}  // namespace

std::string PublicRegisterText(const std::vector<RegisterEntry>& entries) {
  if (entries.empty()) return "No use of data has been declared.\n";
  std::string text = "Every use of data that anybody has declared, in force or not\n";
  for (const RegisterEntry& entry : entries) text += EntryText(entry);
  return text;
}

Json PublicRegisterJson(const std::vector<RegisterEntry>& entries) {
  Json list = Json::array();
  for (const RegisterEntry& entry : entries) list.push_back(EntryJson(entry));
  return list;
}

}  // namespace candour::rights
