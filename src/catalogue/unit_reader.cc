#include "catalogue/unit_reader.h"

#include "base/yaml_reader.h"

namespace candour::catalogue {

Unit ReadUnit(const YamlNode& root, const std::string& file, Diagnostics& diagnostics) {
  YamlReader reader(&root, file, "the unit", diagnostics);
  reader.Header("Unit");
  Unit unit{.id = reader.Id("id"),
            .name = reader.Text("name"),
            .legal_entity = reader.Text("legalEntity"),
            .controller = reader.Text("controller"),
            .regulator = reader.Text("regulator"),
            .where = reader.Place()};
  reader.Finish();
  return unit;
}

}  // namespace candour::catalogue
