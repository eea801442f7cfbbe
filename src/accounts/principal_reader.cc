#include "accounts/principal_reader.h"

#include "base/yaml_reader.h"

namespace candour::accounts {

Principal ReadPrincipal(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the principal", diagnostics);
  reader.Header("Principal");
  Principal principal{
      .id = reader.Id("id"),
      .name = reader.Text("name"),
      .role = reader.Enum(
          "role", {Role::kAnalyst, Role::kSteward, Role::kMarketer, Role::kGovernance,
                   Role::kPartner, Role::kFrontline, Role::kDpo, Role::kMember, Role::kReviewer}),
      .unit = reader.OptionalText("unit"),
      .organisation = reader.Text("organisation"),
      .where = reader.Place()};
  reader.Finish();
  return principal;
}

}  // namespace candour::accounts
