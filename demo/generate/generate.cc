#include "generate.h"

#include <system_error>
#include <vector>

#include "csv_table.h"
#include "engine/database.h"
#include "make_causes.h"
#include "make_flags.h"
#include "make_members.h"
#include "make_registers.h"
#include "make_truth.h"
#include "real_tables.h"
#include "reference.h"

namespace candour::demo {

Status Generate(const std::filesystem::path& data, const std::filesystem::path& out,
                std::uint64_t seed) {
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) {
    return Fail(Error{.code = ErrorCode::kIo,
                      .message = "the folder for generated tables could not be made",
                      .where = Where{.file = out.string()}});
  }
  CANDOUR_ASSIGN(engine::Database database, engine::Database::Open());
  CANDOUR_TRY(CheckSums(database, data));
  CANDOUR_ASSIGN(const Reference reference, ReadReference(database, data));
  CANDOUR_TRY(WriteProducts(database, data, out / "food_products.parquet"));

  std::vector<Member> members = MakeMembers(reference, kMembers, seed);
  MakeFlags(members, seed);
  const UnitRegister insurance = MakeInsurance(reference, members, seed);
  const UnitRegister funeralcare = MakeFuneralcare(reference, members, seed);
  const UnitRegister legal = MakeLegal(reference, members, seed);

  CANDOUR_TRY(WriteCsv(MembersTable(members), out / "members_register.csv"));
  CANDOUR_TRY(
      WriteCsv(MakeCauseChoices(reference, members, seed), out / "members_cause_choices.csv"));
  CANDOUR_TRY(WriteCsv(insurance.table, out / "insurance_policies.csv"));
  CANDOUR_TRY(WriteCsv(funeralcare.table, out / "funeralcare_plans.csv"));
  CANDOUR_TRY(WriteCsv(legal.table, out / "legal_matters.csv"));
  return WriteCsv(TruthTable(members, insurance.customers, funeralcare.customers, legal.customers),
                  out / "truth.csv");
}

}  // namespace candour::demo
