#include "rights/person_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "rights/plain_words.h"

namespace candour::rights {
namespace {

constexpr std::size_t kAccesses = 10;
constexpr std::size_t kTableColumns = 96;
constexpr std::size_t kCellColumns = 24;
constexpr std::size_t kValueColumns = 60;
constexpr std::string_view kUnderTitle = "        ";

std::string Heading(std::string_view text) {
  return fmt::format("\n{}\n{}\n", text, std::string(Columns(text), '-'));
}

std::string Padded(const std::string& text, std::size_t columns) {
  const std::size_t missing = columns - std::min(columns, Columns(text));
  return fmt::format("{}{:{}}", text, "", missing);
}

std::string Capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string RowsWord(std::int64_t rows) {
  return rows == 1 ? "one row" : fmt::format("{} rows", rows);
}

std::string ValueText(const engine::Value& value, std::size_t columns) {
  const std::string text = Shown(engine::ToText(value), columns);
  return text.empty() ? "-" : text;
}

/// One row: a line a field, with what the field is in words.
std::string Fields(const HeldDataset& held) {
  std::size_t width = 0;
  std::vector<std::string> labels;
  for (const std::string& label : held.labels) {
    labels.push_back(Shown(label, kCellColumns + 8));
    width = std::max(width, Columns(labels.back()));
  }
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text += fmt::format("      {}  {}\n", Padded(labels[i], width),
                        ValueText(held.newest.rows.front()[i], kValueColumns));
  }
  return text;
}

std::size_t CellWidth(const engine::Table& table, std::size_t column) {
  std::size_t width = Columns(table.columns[column].name);
  for (const auto& row : table.rows) {
    width = std::max(width, Columns(ValueText(row[column], kCellColumns)));
  }
  return width;
}

/// Several rows: a table of as many columns as fit, and the names of the others.
std::string Rows(const engine::Table& table) {
  std::vector<std::size_t> widths;
  std::size_t used = 4;
  while (widths.size() < table.columns.size()) {
    const std::size_t width = CellWidth(table, widths.size());
    if (!widths.empty() && used + width + 2 > kTableColumns) break;
    used += width + 2;
    widths.push_back(width);
  }
  const auto line = [&widths](const auto& cell) {
    std::string text = "    ";
    for (std::size_t i = 0; i < widths.size(); ++i)
      text += fmt::format("  {}", Padded(cell(i), widths[i]));
    text.erase(text.find_last_not_of(' ') + 1);
    return fmt::format("{}\n", text);
  };
  std::string text = line([&table](std::size_t i) { return table.columns[i].name; });
  for (const auto& row : table.rows) {
    text += line([&row](std::size_t i) { return ValueText(row[i], kCellColumns); });
  }
  std::vector<std::string> others;
  for (std::size_t i = widths.size(); i < table.columns.size(); ++i) {
    others.push_back(table.columns[i].name);
  }
  if (!others.empty()) text += Wrap("and " + JoinWords(others), "      ");
  return text;
}

std::string HolderNote(catalogue::Holder holder) {
  switch (holder) {
    case catalogue::Holder::kPerson:
      return "";
    case catalogue::Holder::kAccount:
      return " It belongs to an account, which you may share.";
    case catalogue::Holder::kHousehold:
      return " It belongs to a household's card, so it shows what all of you did.";
  }
  return "";
}

std::string WithheldNote(const HeldDataset& held) {
  std::string text;
  if (!held.withheld.empty()) {
    text += Wrap(fmt::format("Held, but not shown for this purpose: {}.", JoinWords(held.withheld)),
                 "      ");
  }
  if (held.withheld_rows > 0) {
    text += Wrap(fmt::format("Held, but not shown for this purpose: {} that could give away "
                             "something sensitive.",
                             RowsWord(held.withheld_rows)),
                 "      ");
  }
  return text;
}

std::string HeldText(const HeldDataset& held) {
  const std::string origin = held.origin.empty() ? "" : fmt::format(", {} data", held.origin);
  std::string text = fmt::format("\n  {} ({}{})\n", held.title, held.unit, origin);
  const auto shown = static_cast<std::int64_t>(held.newest.rows.size());
  const std::string newest =
      shown < held.rows ? fmt::format(" (the newest {} are below)", shown) : "";
  text += Wrap(fmt::format("We hold {}{}, last read in on {}.{}", RowsWord(held.rows), newest,
                           PlainDate(held.adopted_at), HolderNote(held.holder)),
               "    ");
  if (shown == 1) text += Fields(held);
  if (shown > 1) text += Rows(held.newest);
  return text + WithheldNote(held);
}

std::string DataText(const PersonView& view) {
  std::string text = Heading("What we hold about you");
  if (view.held.empty()) text += "  Nothing at present.\n";
  for (const HeldDataset& held : view.held) text += HeldText(held);
  text += "\n  We know you by:\n";
  std::size_t width = 0;
  for (const people::Identity& one : view.identities) {
    width = std::max(width, one.key_space.size());
  }
  for (const people::Identity& one : view.identities) {
    text +=
        fmt::format("      {}  {}\n", Padded(one.key_space, width), Shown(one.key, kValueColumns));
  }
  return text;
}

std::string ChoiceText(const ChoiceLine& line) {
  const consent::Choice& choice = line.choice;
  std::string about = fmt::format("{}, from {}", line.purpose, line.unit);
  if (choice.channel != "any") about += ", by " + ChannelWords(choice.channel);
  if (choice.category != "any") about += ", about your " + CategoryWords(choice.category);
  if (choice.recipient != "any") about += ", to " + choice.recipient;
  std::string how = choice.source == "person"
                        ? "You told us here"
                        : fmt::format("Taken over from {}'s own records", line.unit);
  if (choice.unit == "any" && choice.source != "person") how = "Taken over from our own records";
  if (!choice.notice.empty()) how += fmt::format("; you were shown: {}", Shown(choice.notice, 200));
  return Wrap(fmt::format("{}: {}.", about, EvidenceWords(choice.evidence)), "  ") +
         Wrap(fmt::format("{}. {}.", PlainDate(choice.event_time), how), "      ");
}

std::string ChoicesText(const PersonView& view) {
  std::string text = Heading("What you have chosen");
  const auto unset = std::ranges::count_if(view.choices, [](const ChoiceLine& line) {
    return line.choice.evidence == consent::Evidence::kUnset;
  });
  if (static_cast<std::size_t>(unset) == view.choices.size()) {
    text += "  No choice of yours is on file, neither yes nor no.\n";
  }
  for (const ChoiceLine& line : view.choices) {
    if (line.choice.evidence != consent::Evidence::kUnset) text += ChoiceText(line);
  }
  return text;
}

/// What is said of the datasets that hold something of the person: the same reason once.
std::string ReasonsText(const UseEffect& effect) {
  std::map<std::pair<bool, std::string>, std::vector<std::string>> reasons;
  for (const DatasetEffect& one : effect.datasets) {
    if (one.held) reasons[{one.permitted, one.why}].push_back(one.title);
  }
  std::string text;
  for (const auto& [reason, titles] : reasons) {
    const auto& [permitted, why] = reason;
    const std::string what =
        reasons.size() == 1
            ? Capitalised(why)
            : fmt::format("{} ({}): {}", JoinWords(titles), permitted ? "used" : "not used", why);
    text += Wrap(what + ".", kUnderTitle);
  }
  return text;
}

std::string EffectText(const UseEffect& effect) {
  const char* answer = !effect.Held() ? "-" : effect.Included() ? "yes" : "no";
  std::string text = fmt::format("  {:<4}  {}\n", answer, effect.title);
  if (!effect.Held()) return text + Wrap("It reads nothing that we hold about you.", kUnderTitle);
  text += ReasonsText(effect);
  if (effect.Included()) {
    text +=
        Wrap(fmt::format("{} gets {}.", Capitalised(effect.recipient), OutputWords(effect.output)),
             kUnderTitle);
  }
  return text;
}

std::string EffectsText(const PersonView& view) {
  std::string text = Heading("What that means for each use of data");
  if (view.effects.empty()) text += "  No use is in force.\n";
  for (const UseEffect& effect : view.effects) text += EffectText(effect);
  return text;
}

}  // namespace

std::string PersonText(const PersonView& view) {
  std::string text = fmt::format("Everything about you in one place\nPerson {}, as of {}\n",
                                 view.person.text, PlainTime(view.time));
  text += DataText(view) + ChoicesText(view) + EffectsText(view);
  text += Heading("What was done with it");
  text += fmt::format("\n{}", AccessesText(view.accesses, kAccesses));
  text += Wrap(
      "This page covers every use through Candour, and looking at it is one of them. You "
      "can change your mind at any time: candour choose, or ask any of us to do it for "
      "you.",
      "");
  return text;
}

}  // namespace candour::rights
