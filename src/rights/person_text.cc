#include "rights/person_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "rights/plain_words.h"

namespace candour::rights {
namespace {

constexpr std::size_t kAccesses = 10;
constexpr std::size_t kTableColumns = 96;
constexpr std::size_t kCellColumns = 24;
constexpr std::size_t kLabelColumns = 44;
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

/// What a field is, up to the first pause of its description.
std::string ShortLabel(std::string_view label) {
  return Shown(label.substr(0, label.find_first_of(",;:")), kLabelColumns);
}

/// One row: a line a field that has a value, with what the field is in words.
std::string Fields(const HeldDataset& held) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (std::size_t i = 0; i < held.labels.size(); ++i) {
    const engine::Value& value = held.newest.rows.front()[i];
    if (std::holds_alternative<std::monostate>(value)) continue;
    lines.emplace_back(ShortLabel(held.labels[i]), ValueText(value, kValueColumns));
    width = std::max(width, Columns(lines.back().first));
  }
  std::string text;
  for (const auto& [label, value] : lines) {
    text += fmt::format("      {}  {}\n", Padded(label, width), value);
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

/// The columns in the order of the contract, but for the one that says when: it comes first.
std::vector<std::size_t> ColumnOrder(const HeldDataset& held) {
  std::vector<std::size_t> order(held.newest.columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_partition(order, [&held](std::size_t column) {
    return held.newest.columns[column].name == held.newest_by;
  });
  return order;
}

/// Several rows: a table of as many columns as fit, and the names of the others.
std::string Rows(const HeldDataset& held) {
  const engine::Table& table = held.newest;
  std::vector<std::string> lines(table.rows.size() + 1, "    ");
  std::vector<std::string> others;
  std::size_t used = lines[0].size();
  for (const std::size_t column : ColumnOrder(held)) {
    const std::string& name = table.columns[column].name;
    const std::size_t width = CellWidth(table, column);
    used += width + 2;
    if (used > kTableColumns) {
      others.push_back(name);
      continue;
    }
    lines[0] += fmt::format("  {}", Padded(name, width));
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      lines[row + 1] +=
          fmt::format("  {}", Padded(ValueText(table.rows[row][column], kCellColumns), width));
    }
  }
  std::string text;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += fmt::format("{}\n", line);
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
  if (shown > 1) text += Rows(held);
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

/// When the choice was made, and how it came to us. An import dates what has no date by itself.
std::string HowWeKnow(const ChoiceLine& line) {
  const consent::Choice& choice = line.choice;
  const std::string date = PlainDate(choice.event_time);
  const std::string notice =
      choice.notice.empty() ? "" : fmt::format(" You were shown: {}.", Shown(choice.notice, 200));
  if (choice.source == "person") return fmt::format("{}, told to us here.{}", date, notice);
  const std::string records = choice.unit == "any" ? "our own" : line.unit + "'s own";
  return choice.event_time == choice.recorded_time
             ? fmt::format("Found in {} records on {}; when it was made is not known.{}", records,
                           date, notice)
             : fmt::format("{}, by {} records.{}", date, records, notice);
}

std::string ChoiceText(const ChoiceLine& line) {
  const consent::Choice& choice = line.choice;
  std::string about = fmt::format("{}, from {}", line.purpose, line.unit);
  if (choice.channel != "any") about += ", by " + ChannelWords(choice.channel);
  if (choice.category != "any") about += ", about your " + CategoryWords(choice.category);
  if (choice.recipient != "any") about += ", to " + choice.recipient;
  return Wrap(fmt::format("{}: {}.", about, EvidenceWords(choice.evidence)), "  ") +
         Wrap(HowWeKnow(line), "      ");
}

std::string ChoicesText(const PersonView& view) {
  std::string text = Heading("What you have chosen");
  const auto unset = std::ranges::count_if(view.choices, [](const ChoiceLine& line) {
    return line.choice.evidence == consent::Evidence::kUnset;
  });
  if (static_cast<std::size_t>(unset) == view.choices.size()) {
    text += "  No choice of yours is on file, neither yes nor no.\n";
  }
  // One choice stands on each of the person's records; to its maker it is one.
  std::set<std::string> said;
  for (const ChoiceLine& line : view.choices) {
    if (line.choice.evidence == consent::Evidence::kUnset) continue;
    if (std::string choice = ChoiceText(line); said.insert(choice).second) text += choice;
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
    text += Wrap(fmt::format("Given to {}: {}.", effect.recipient, OutputWords(effect.output)),
                 kUnderTitle);
  }
  return text;
}

std::string EffectsText(const PersonView& view) {
  std::string text = Heading("What that means for each use of data");
  if (view.effects.empty()) text += "  No use is in force.\n";
  std::vector<const UseEffect*> effects;
  for (const UseEffect& effect : view.effects) effects.push_back(&effect);
  std::ranges::stable_sort(effects, [](const UseEffect* a, const UseEffect* b) {
    return std::pair(a->Included(), a->Held()) > std::pair(b->Included(), b->Held());
  });
  for (const UseEffect* effect : effects) text += EffectText(*effect);
  return text;
}

}  // namespace

std::string PersonText(const PersonView& view) {
  std::string text = fmt::format("Everything about you in one place\nPerson {}, as of {}\n",
                                 view.person.text, PlainTime(view.time));
  text += DataText(view) + ChoicesText(view) + EffectsText(view);
  text += Heading("What was done with it");
  text += view.accesses_known
              ? fmt::format("\n{}", AccessesText(view.accesses, kAccesses))
              : Wrap(
                    "This cannot be read at present, as the ledger is away. Looking at this page "
                    "is recorded apart, and will be seen here.",
                    "  ");
  text += Wrap(
      "This page covers every use through Candour, and looking at it is one of them. You "
      "can change your mind at any time: candour choose, or ask any of us to do it for "
      "you.",
      "");
  return text;
}

}  // namespace candour::rights
