#include "consent/purpose_reader.h"

#include "base/nearest.h"
#include "base/yaml_reader.h"
#include "catalogue/category.h"

namespace candour::consent {
namespace {

constexpr std::string_view kFixBy = "the data protection officer";

void ReadBasis(YamlReader& reader, Purpose& purpose) {
  purpose.balancing = reader.OptionalText("balancing");
  if (!reader.Has("legalBasis")) {
    reader.Ignore({"legalBasis"});
    reader.Report(
        Error{.code = ErrorCode::kLegalBasisMissing, .message = "the purpose has no legal basis"}
            .Expected("legalBasis: consent, contract, legal-obligation, vital-interests, "
                      "public-task or legitimate-interests")
            .Found("no such key")
            .FixBy(std::string(kFixBy)));
    return;
  }
  purpose.basis =
      reader.Enum("legalBasis", {LegalBasis::kConsent, LegalBasis::kContract,
                                 LegalBasis::kLegalObligation, LegalBasis::kVitalInterests,
                                 LegalBasis::kPublicTask, LegalBasis::kLegitimateInterests});
  if (purpose.basis == LegalBasis::kLegitimateInterests && purpose.balancing.empty()) {
    reader.Report(Error{.code = ErrorCode::kLegalBasisMissing,
                        .message = "the purpose rests on legitimate interests without a balancing "
                                   "record"}
                      .At(reader.Place("legalBasis"))
                      .Expected("balancing: what was weighed against people's interests, and how")
                      .Found("no balancing record")
                      .FixBy(std::string(kFixBy)));
  }
}

void CheckDpv(const Purpose& purpose, YamlReader& reader) {
  if (!purpose.dpv.empty() && !catalogue::IsDpvPurpose(purpose.dpv)) {
    reader.Report(Error{.code = ErrorCode::kDeclarationUnknownName,
                        .message = "the purpose is not one that DPV 2.3 knows"}
                      .At(reader.Place("dpv"))
                      .Expected("a term of DPV's purposes, e.g. dpv:DirectMarketing")
                      .Found(Quoted(purpose.dpv))
                      .Next(SuggestName(purpose.dpv, catalogue::DpvPurposes())));
  }
  if (purpose.dpv == "dpv:DirectMarketing" && !purpose.direct_marketing) {
    reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "the purpose is direct marketing but is not declared so"}
                      .At(reader.Place("dpv"))
                      .Expected("directMarketing: true, since an objection to it is absolute")
                      .Found("no directMarketing: true"));
  }
}

}  // namespace

Purpose ReadPurpose(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the purpose", diagnostics);
  reader.Header("Purpose");
  Purpose purpose;
  purpose.where = reader.Place();
  purpose.id = reader.Id("id");
  purpose.name = reader.Text("name");
  purpose.text = reader.Text("text");
  purpose.dpv = reader.Text("dpv");
  purpose.parent = reader.OptionalText("parent");
  ReadBasis(reader, purpose);
  purpose.special_condition = reader.OptionalText("specialCondition");
  purpose.direct_marketing = reader.OptionalBool("directMarketing", false);
  reader.Finish();
  CheckDpv(purpose, reader);
  return purpose;
}

}  // namespace candour::consent
