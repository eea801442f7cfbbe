#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "rights/person_accesses.h"
#include "rights/plain_words.h"

namespace candour::rights {

std::string WhatLeftText(const AccessLine& line) {
  switch (line.left) {
    case Left::kRow:
      return line.output == "pseudonymised"
                 ? "Your row was among those handed over, without what points at you."
                 : "Your row was among those handed over.";
    case Left::kNoRow:
      return "Your row was not among those handed over.";
    case Left::kFigures:
      return "Only figures about groups of people were handed over; nothing about you alone.";
    case Left::kShown:
      return line.by_member ? "" : "What they asked for was shown to them.";
    case Left::kNothing:
      return "It did not succeed, and nothing was handed over.";
    case Left::kUnfinished:
      return "It is under way, or was cut short; nothing has been handed over.";
    case Left::kUnknown:
      return "It cannot be told whether your row was handed over; take it that it was.";
  }
  return "";
}

std::string AvailableText(const AccessLine& line) {
  if (line.output == kLookUpOutput && line.by_member && line.left == Left::kShown) {
    return "Your records were open to you alone.";
  }
  if (line.output == kLookUpOutput) {
    const std::string who = line.principal.empty() ? "someone" : line.principal;
    return line.recipient.empty()
               ? fmt::format("Your records were open to {}.", who)
               : fmt::format("Your records were open to {}, at {}.", who, line.recipient);
  }
  return fmt::format("Your records were available to {}: {}.", line.recipient,
                     JoinWords(line.datasets));
}

std::string ToldLaterText(const AccessLine& line) {
  if (!line.silence) return "";
  const std::string& ground = line.silence->ground;
  if (ground.empty()) return "You were not told of this before.";
  const std::string_view why =
      ground == "crime"          ? "it could have helped somebody hide or commit a crime"
      : ground == "serious-harm" ? "it could have done somebody serious harm"
                                 : "it could have put somebody in danger";
  return fmt::format("You were not told of this before: {}.", why);
}

namespace {

/// The purpose's text follows its name where the list has not said it yet.
std::string OneAccess(const AccessLine& line, bool say_why) {
  std::string text = fmt::format("  {}  {}\n", PlainTime(line.time), line.title);
  text += Wrap(AvailableText(line), "      ");
  const std::string why = line.purpose_text.empty() || !say_why
                              ? fmt::format("Why: {}.", line.purpose_name)
                              : fmt::format("Why: {}. {}", line.purpose_name, line.purpose_text);
  text += Wrap(why, "      ");
  text += Wrap(WhatLeftText(line), "      ");
  text += Wrap(ToldLaterText(line), "      ");
  if (line.in_emergency) {
    text += Wrap(
        "This was an emergency: our record could not be written then, so it was kept "
        "apart and added later. Somebody else reviews it.",
        "      ");
  }
  return text;
}

}  // namespace

std::string AccessesText(std::span<const AccessLine> lines, std::size_t limit) {
  if (lines.empty()) return "  Nobody has used your records through Candour.\n";
  std::string text;
  std::set<std::string> said;
  for (const AccessLine& line : lines.first(std::min(limit, lines.size()))) {
    text += OneAccess(line, said.insert(line.purpose).second);
    text += '\n';
  }
  if (lines.size() > limit) text += fmt::format("  … and {} earlier.\n", lines.size() - limit);
  return text;
}

nlohmann::json AccessesJson(std::span<const AccessLine> lines) {
  nlohmann::json list = nlohmann::json::array();
  for (const AccessLine& line : lines) {
    list.push_back({{"time", FormatTime(line.time)},
                    {"use", line.use},
                    {"title", line.title},
                    {"purpose", line.purpose},
                    {"purpose_name", line.purpose_name},
                    {"purpose_text", line.purpose_text},
                    {"recipient", line.recipient},
                    {"principal", line.principal},
                    {"output", line.output},
                    {"datasets", line.datasets},
                    {"left", std::string(ToString(line.left))}});
    if (line.in_emergency) list.back()["in_emergency"] = true;
    if (line.silence) list.back()["told_later"] = line.silence->ground;
  }
  return list;
}

}  // namespace candour::rights
