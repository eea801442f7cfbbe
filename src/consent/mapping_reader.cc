#include "consent/mapping_reader.h"

#include "base/yaml_reader.h"
#include "consent/channel_reader.h"

namespace candour::consent {
namespace {

constexpr std::initializer_list<Evidence> kEvidence = {
    Evidence::kUnset,     Evidence::kConsent,    Evidence::kSoftOptIn,
    Evidence::kObjection, Evidence::kWithdrawal, Evidence::kUnevidenced};

std::map<std::string, Evidence> ReadValues(YamlReader& mapping) {
  std::map<std::string, Evidence> values;
  const YamlNode* node = mapping.Mapping("values");
  if (node == nullptr) return values;
  YamlReader reader(node, mapping.file(), "the values", mapping.diagnostics());
  for (const YamlKey& key : node->keys) values[key.text] = reader.Enum(key.text, kEvidence);
  if (values.empty()) {
    reader.Report(
        Error{.code = ErrorCode::kDeclarationInvalid, .message = "the mapping maps no value"}
            .Expected("the flag's values, each with what it is evidence of")
            .Found("none"));
  }
  return values;
}

}  // namespace

Mapping ReadMapping(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the mapping", diagnostics);
  reader.Header("Mapping");
  Mapping mapping;
  mapping.where = reader.Place();
  mapping.id = reader.Id("id");
  mapping.unit = reader.Text("unit");
  mapping.dataset = reader.Text("dataset");
  mapping.field = reader.Text("field");
  mapping.time_field = reader.OptionalText("timeField");
  mapping.purpose = reader.Text("purpose");
  mapping.channel = ReadChannel(reader);
  mapping.notice = reader.OptionalText("notice");
  mapping.values = ReadValues(reader);
  mapping.otherwise = reader.OptionalEnum("otherwise", kEvidence, Evidence::kUnset);
  reader.Finish();
  return mapping;
}

}  // namespace candour::consent
