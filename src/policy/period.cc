#include "policy/period.h"

namespace candour::policy {

void CheckPeriod(const std::optional<UtcTime>& from, const std::optional<UtcTime>& until,
                 YamlReader& reader) {
  if (!from || !until || *from < *until) return;
  reader.Report(
      Error{.code = ErrorCode::kDeclarationInvalid, .message = "the period ends before it begins"}
          .At(reader.Place("until"))
          .Expected("a time after " + FormatTime(*from))
          .Found(FormatTime(*until)));
}

}  // namespace candour::policy
