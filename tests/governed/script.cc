#include "governed/script.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <sstream>

#include "base/nearest.h"

namespace candour::governed {
namespace {

/// How many words a verb takes, and its form for error messages.
struct Form {
  std::size_t least;
  std::size_t most;
  std::string_view form;
};

const std::map<std::string, Form, std::less<>>& Forms() {
  static const std::map<std::string, Form, std::less<>> kForms = {
      {"home", {1, 1, "home NAME"}},
      {"clock", {1, 1, "clock TIME"}},
      {"person", {3, 3, "person NAME KEYSPACE KEY"}},
      {"grant", {4, 4, "grant NAME PURPOSE UNIT CHANNEL"}},
      {"withdraw", {4, 4, "withdraw NAME PURPOSE UNIT CHANNEL"}},
      {"object", {4, 4, "object NAME PURPOSE UNIT CHANNEL"}},
      {"unevidenced", {4, 4, "unevidenced NAME PURPOSE UNIT CHANNEL"}},
      {"merge", {2, 2, "merge NAME NAME"}},
      {"split", {3, 3, "split NAME KEYSPACE KEY"}},
      {"adopt", {1, 1, "adopt DATASET"}},
      {"data", {1, 1, "data FILE, lines, ----"}},
      {"restart", {0, 0, "restart"}},
      {"as", {3, 3, "as PRINCIPAL use USE"}},
      {"query", {0, 0, "query SQL"}},
      {"columns", {1, 64, "columns NAME | NAME …"}},
      {"expect", {0, 1, "expect [any-order], rows, ----"}},
      {"denied", {1, 2, "denied CODE [LINE:COLUMN]"}},
      {"says", {1, 64, "says WORDS OF THE ERROR"}},
      {"ledger", {1, 1, "ledger +COUNT"}},
      {"accesses", {2, 2, "accesses NAME COUNT"}},
  };
  return kForms;
}

/// A text in pieces: {{300*(}} repeats "(", {{zero}} is a zero byte. For statements that are too
/// long or too strange to stand in a file.
Result<std::string> Expand(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      return Fail(ErrorCode::kDeclarationSyntax, "{{ without }}");
    }
    const std::string_view piece = text.substr(open + 2, close - open - 2);
    text.remove_prefix(close + 2);
    if (piece == "zero") {
      out += '\0';
      continue;
    }
    std::size_t count = 0;
    const auto [end, failure] = std::from_chars(piece.data(), piece.data() + piece.size(), count);
    const auto used = static_cast<std::size_t>(end - piece.data());
    if (failure != std::errc() || used >= piece.size() || *end != '*' || count > 1'000'000) {
      return Fail(ErrorCode::kDeclarationSyntax, "between {{ and }} stands COUNT*TEXT or zero");
    }
    for (std::size_t i = 0; i < count; ++i) out += piece.substr(used + 1);
  }
}

class ScriptReader {
 public:
  ScriptReader(std::string_view text, const std::string& file) : script_{.file = file} {
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) lines_.push_back(line);
  }

  Result<Script> Read() {
    while (next_ < lines_.size()) {
      const std::string line = lines_[next_++];
      if (line.empty() || line.starts_with('#')) continue;
      CANDOUR_ASSIGN(Step step, ReadStep(line));
      CANDOUR_TRY(CheckPlace(step));
      script_.steps.push_back(std::move(step));
    }
    if (!pending_.empty())
      return Wrong(pending_line_, "a query is never judged", "expect or denied");
    if (script_.steps.empty()) return Wrong(1, "the file does nothing", "home NAME");
    return std::move(script_);
  }

 private:
  std::unexpected<Error> Wrong(int line, std::string message, std::string expected) const {
    return Fail(Error{.code = ErrorCode::kDeclarationSyntax, .message = std::move(message)}
                    .At(Where{.file = script_.file, .line = line})
                    .Expected(std::move(expected)));
  }

  Result<Step> ReadStep(const std::string& line) {
    Step step{.line = static_cast<int>(next_)};
    std::istringstream words(line);
    words >> step.verb;
    const auto form = Forms().find(step.verb);
    if (line.starts_with(' ') || form == Forms().end()) {
      std::vector<std::string> verbs;
      for (const auto& [verb, unused] : Forms()) verbs.push_back(verb);
      return Wrong(step.line, "a line does not begin with a directive",
                   SuggestName(step.verb, verbs));
    }
    step.text = line.substr(std::min(line.size(), step.verb.size() + 1));
    if (step.verb == "query") {
      while (next_ < lines_.size() && lines_[next_].starts_with(' ')) {
        step.text += "\n" + lines_[next_++];
      }
      auto text = Expand(step.text);
      if (!text) return Wrong(step.line, text.error().message, "{{300*(}}");
      step.text = *std::move(text);
      return step;
    }
    for (std::string word; words >> word;) step.words.push_back(word);
    if (step.words.size() < form->second.least || step.words.size() > form->second.most) {
      return Wrong(step.line, "a directive has the wrong number of words",
                   std::string(form->second.form));
    }
    if (step.verb == "expect" || step.verb == "data") CANDOUR_TRY(ReadLines(step));
    return step;
  }

  Status ReadLines(Step& step) {
    while (next_ < lines_.size()) {
      if (lines_[next_] == "----") {
        ++next_;
        return {};
      }
      step.lines.push_back(lines_[next_++]);
    }
    return Wrong(step.line, "the lines of a directive do not end", "----");
  }

  /// A file begins with its home, and each query is judged before the next directive.
  Status CheckPlace(const Step& step) {
    if (script_.steps.empty() != (step.verb == "home")) {
      return Wrong(step.line, "a file names its home once, first", "home NAME");
    }
    const bool judges = step.verb == "expect" || step.verb == "denied";
    const bool looks = step.verb == "columns" || step.verb == "says";
    if (!pending_.empty() && !judges && !looks) {
      return Wrong(pending_line_, "a query is never judged", "expect or denied");
    }
    if ((judges && pending_.empty()) || (looks && !queried_)) {
      return Wrong(step.line, "there is no query to judge", "query SQL");
    }
    if (step.verb == "query") {
      pending_ = "query";
      pending_line_ = step.line;
      queried_ = true;
    }
    if (judges) pending_.clear();
    return {};
  }

  Script script_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  std::string pending_;  ///< a query that nothing has judged yet
  int pending_line_ = 0;
  bool queried_ = false;
};

}  // namespace

Result<Script> ParseScript(std::string_view text, const std::string& file) {
  return ScriptReader(text, file).Read();
}

}  // namespace candour::governed
