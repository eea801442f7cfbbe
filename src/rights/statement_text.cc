#include "rights/statement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rights/plain_words.h"

namespace candour::rights {
namespace {

using ledger::CheckedStatement;
using nlohmann::json;

constexpr std::size_t kTitleColumns = 80;

/// The accesses of one use, newest first.
struct UseGroup {
  std::string use;
  std::vector<AccessLine> lines;
};

std::vector<UseGroup> GroupsOf(const CheckedStatement& statement) {
  std::vector<UseGroup> groups;
  for (auto access = statement.accesses.rbegin(); access != statement.accesses.rend(); ++access) {
    auto group = std::ranges::find(groups, access->use, &UseGroup::use);
    if (group == groups.end()) group = groups.insert(groups.end(), {.use = access->use});
    group->lines.push_back(LineOf(*access));
  }
  return groups;
}

std::string GroupText(const UseGroup& group) {
  const AccessLine& newest = group.lines.front();
  std::string text = fmt::format("  {}\n", Shown(newest.title, kTitleColumns));
  text += Wrap(newest.purpose_text.empty()
                   ? fmt::format("Why: {}.", newest.purpose_name)
                   : fmt::format("Why: {}. {}", newest.purpose_name, newest.purpose_text),
               "    ");
  for (const AccessLine& line : group.lines) {
    text += fmt::format("    {}\n", PlainTime(line.time));
    for (const std::string& said : {AvailableText(line), WhatLeftText(line), ToldLaterText(line)}) {
      text += Wrap(said, "      ");
    }
  }
  return text + "\n";
}

std::string TextIn(const json& value, const char* name) {
  const auto found = value.find(name);
  return found != value.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string ChoiceText(const ledger::StatedChoice& choice) {
  const std::string evidence = TextIn(choice.value, "evidence");
  const std::optional<consent::Evidence> known = consent::ParseEvidence(evidence);
  std::string text =
      fmt::format("{}: {}; purpose {}, unit {}, channel {}", PlainTime(choice.time),
                  known ? EvidenceWords(*known) : evidence, TextIn(choice.value, "purpose"),
                  TextIn(choice.value, "unit"), ChannelWords(TextIn(choice.value, "channel")));
  return Wrap(text, "  ");
}

json CheckpointJson(const tlog::Checkpoint& checkpoint) {
  return {{"origin", checkpoint.origin}, {"size", checkpoint.size}};
}

}  // namespace

AccessLine LineOf(const ledger::StatedAccess& access) {
  return {.number = access.index,
          .time = access.time,
          .use = access.use,
          .title = access.words.title,
          .purpose = access.purpose,
          .purpose_name = access.words.purpose,
          .purpose_text = access.words.why,
          .recipient = access.recipient,
          .by_member = access.words.own,
          .output = access.output,
          .datasets = access.words.datasets,
          .left = LeftOf(access.output, access.outcome, access.released),
          .in_emergency = access.in_emergency,
          .silence = access.silence};
}

std::string StatementText(const CheckedStatement& statement) {
  std::string text = fmt::format("Statement for {}\n\n", statement.person);
  text +=
      Wrap(fmt::format("What was done with your records through Candour at {}, from {} until {}.",
                       statement.origin, PlainTime(statement.from), PlainTime(statement.to)),
           "");
  text += fmt::format("Made on {}.\n\nWhat was done\n\n", PlainTime(statement.made));
  if (statement.accesses.empty()) {
    text += "  Nobody has used your records through Candour in this time.\n\n";
  }
  for (const UseGroup& group : GroupsOf(statement)) text += GroupText(group);
  text += "What you chose\n\n";
  if (statement.choices.empty()) text += "  Nothing is on record from you in this time.\n";
  for (const ledger::StatedChoice& choice : statement.choices) text += ChoiceText(choice);
  text += "\nWhat this shows\n\n";
  text += Wrap(
      "The organisation has signed this list. Every line stands in its log, which it cannot change "
      "unnoticed, and it is proven of each that your records were in it. The titles and the words "
      "of why are the organisation's. Systems outside Candour are not in it.",
      "  ");
  text += '\n';
  text += Wrap(
      "The law lets people be told later of a few uses, when telling at once could help a crime, "
      "do "
      "serious harm or put somebody in danger. Whoever they concern finds them in a statement made "
      "later. An independent reviewer watches over all of them.",
      "  ");
  text += "\nHow to check it\n\n";
  text += Wrap(
      "candour verify FILE, with the three public keys that the organisation publishes; neither "
      "the "
      "organisation nor the network is asked. The file holds keys to your own records: keep it to "
      "yourself.",
      "  ");
  return text;
}

json StatementJson(const CheckedStatement& statement) {
  json choices = json::array();
  for (const ledger::StatedChoice& choice : statement.choices) {
    choices.push_back(
        {{"entry", choice.index}, {"time", FormatTime(choice.time)}, {"choice", choice.value}});
  }
  std::vector<AccessLine> lines;
  for (const ledger::StatedAccess& access : statement.accesses) lines.push_back(LineOf(access));
  json accesses = AccessesJson(lines);
  for (json& access : accesses) access.erase("principal");
  return {{"person", statement.person},
          {"origin", statement.origin},
          {"period", {{"from", FormatTime(statement.from)}, {"to", FormatTime(statement.to)}}},
          {"made", FormatTime(statement.made)},
          {"logs",
           {{"accesses", CheckpointJson(statement.accesses_checkpoint)},
            {"choices", CheckpointJson(statement.choices_checkpoint)}}},
          {"accesses", std::move(accesses)},
          {"choices", std::move(choices)}};
}

}  // namespace candour::rights
