#include "policy/agreement_reader.h"

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "policy/period.h"

namespace candour::policy {
namespace {

std::vector<Output> ReadOutputs(YamlReader& reader) {
  std::vector<Output> outputs;
  for (const std::string& name : reader.Texts("outputs")) {
    if (const auto output = ParseOutput(name)) {
      outputs.push_back(*output);
      continue;
    }
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "an agreement names an output that does not exist"}
                      .At(reader.Place("outputs"))
                      .Expected("rows, pseudonymised, aggregates")
                      .Found(Quoted(name))
                      .Next(SuggestName(name, {"rows", "pseudonymised", "aggregates"})));
  }
  return outputs;
}

/// An agreement without an end, or with one party, is no agreement that anybody can hold to.
void CheckTerms(const Agreement& agreement, YamlReader& reader) {
  for (const std::string_view key : {"from", "until"}) {
    if (reader.Has(key)) continue;
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = fmt::format("the agreement does not say when it holds: {}", key)}
                      .Expected(fmt::format("{}: a date", key))
                      .Found("no such key"));
  }
  if (agreement.parties.size() == 1) {
    reader.Report(
        Error{.code = ErrorCode::kDeclarationInvalid, .message = "the agreement has only one party"}
            .At(reader.Place("parties"))
            .Expected("two controllers at least")
            .Found("one"));
  }
}

}  // namespace

Agreement ReadAgreement(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the agreement", diagnostics);
  reader.Header("Agreement");
  Agreement agreement;
  agreement.where = reader.Place();
  agreement.id = reader.Id("id");
  agreement.title = reader.Text("title");
  agreement.parties = reader.Texts("parties");
  agreement.purposes = reader.Texts("purposes");
  agreement.datasets = reader.Texts("datasets");
  agreement.outputs = ReadOutputs(reader);
  agreement.excluded_categories = reader.OptionalTexts("excludedCategories");
  agreement.from = reader.OptionalTime("from");
  agreement.until = reader.OptionalTime("until");
  reader.Finish();
  CheckTerms(agreement, reader);
  CheckPeriod(agreement.from, agreement.until, reader);
  return agreement;
}

}  // namespace candour::policy
