#include "policy/use_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "consent/channel_reader.h"
#include "policy/period.h"

namespace candour::policy {
namespace {

constexpr int kThresholdLeast = 3;
constexpr int kThresholdMost = 100;
constexpr int kThresholdUsual = 10;

Grant ReadGrant(const YamlNode& node, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&node, file, "the grant", diagnostics);
  Grant grant{.dataset = reader.Text("dataset"),
              .fields = reader.Texts("fields"),
              .masked = reader.OptionalTexts("masked"),
              .row_categories = reader.OptionalTexts("rowCategories"),
              .where = reader.Place()};
  reader.Finish();
  for (const std::string& name : grant.masked) {
    if (std::ranges::find(grant.fields, name) != grant.fields.end()) continue;
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "a masked field is not among the granted fields"}
                      .At(reader.Place("masked"))
                      .Expected("a name that stands under fields too")
                      .Found(Quoted(name))
                      .Next(SuggestName(name, grant.fields)));
  }
  return grant;
}

std::vector<Grant> ReadGrants(YamlReader& reader) {
  std::vector<Grant> grants;
  std::set<std::string> seen;
  for (const YamlNode& node : reader.Items("grants")) {
    grants.push_back(ReadGrant(node, reader.file(), reader.diagnostics()));
    if (seen.insert(grants.back().dataset).second) continue;
    reader.Report(Error{.code = ErrorCode::kDeclarationDuplicate,
                        .message = "the use grants a dataset twice: " + grants.back().dataset}
                      .At(grants.back().where)
                      .Expected("one grant for each dataset")
                      .Found("two"));
  }
  return grants;
}

Recipient ReadRecipient(YamlReader& use) {
  YamlReader reader(use.Mapping("recipient"), use.file(), "the recipient", use.diagnostics());
  Recipient recipient{.name = reader.Text("name"), .controller = reader.Text("controller")};
  reader.Finish();
  return recipient;
}

Approval ReadApproval(YamlReader& use) {
  using State = Approval::State;
  YamlReader reader(use.Mapping("approval"), use.file(), "the approval", use.diagnostics());
  Approval approval{
      .state = reader.Enum("state", {State::kProposed, State::kApproved, State::kRefused}),
      .by = reader.OptionalText("by"),
      .reference = reader.OptionalText("reference"),
      .reason = reader.OptionalText("reason")};
  reader.Finish();
  if (approval.state != State::kProposed && approval.by.empty()) {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "an approval is decided but does not say by whom"}
                      .At(reader.Place("by"))
                      .Expected("by: the role or group that decided")
                      .Found("no such key")
                      .FixBy("whoever decided"));
  }
  return approval;
}

CalendarSpan ReadSpan(YamlReader& reader) {
  const std::string text = reader.Text("for");
  const auto span = ParseSilenceSpan(text);
  if (!span && !text.empty()) {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "a silence is not for a time that is allowed"}
                      .At(reader.Place("for"))
                      .Expected("days, weeks, months or years, at most two years, such as P90D")
                      .Found(Quoted(text)));
  }
  return span.value_or(CalendarSpan{});
}

/// Accesses that people are told of later. Whatever is wrong or missing refuses the declaration:
/// there is no silence without a ground, an end and a reason.
std::optional<Silence> ReadSilence(YamlReader& use) {
  if (!use.Has("silence")) return std::nullopt;
  YamlReader reader(use.Mapping("silence"), use.file(), "the silence", use.diagnostics());
  Silence silence{
      .ground = reader.Enum("ground", {SilenceGround::kCrime, SilenceGround::kSeriousHarm,
                                       SilenceGround::kSafeguarding}),
      .span = ReadSpan(reader),
      .then = reader.Enum("then", {SilenceEnd::kRelease, SilenceEnd::kReview}),
      .why = reader.Text("why")};
  reader.Finish();
  return silence;
}

}  // namespace

Use ReadUse(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the use", diagnostics);
  reader.Header("Use");
  Use use;
  use.where = reader.Place();
  use.id = reader.Id("id");
  use.title = reader.Text("title");
  use.text = reader.Text("text");
  use.purpose = reader.Text("purpose");
  use.unit = reader.Text("unit");
  use.channel = consent::ReadChannel(reader);
  use.principals = reader.Texts("principals");
  use.recipient = ReadRecipient(reader);
  use.agreement = reader.OptionalText("agreement");
  use.output = reader.Enum("output", {Output::kAggregates, Output::kPseudonymised, Output::kRows});
  use.grants = ReadGrants(reader);
  use.threshold = reader.OptionalInt("threshold", kThresholdLeast, kThresholdMost, kThresholdUsual);
  use.from = reader.OptionalTime("from");
  use.until = reader.OptionalTime("until");
  use.approval = ReadApproval(reader);
  use.silence = ReadSilence(reader);
  reader.Finish();
  CheckPeriod(use.from, use.until, reader);
  return use;
}

}  // namespace candour::policy
