#include "reference.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <variant>

namespace candour::demo {
namespace {

using engine::Value;
using Row = std::vector<Value>;

std::string Text(const Row& row, std::size_t column) { return engine::ToText(row[column]); }

double Real(const Row& row, std::size_t column) {
  const double* value = std::get_if<double>(&row[column]);
  return value == nullptr ? 0 : *value;
}

std::int64_t Whole(const Row& row, std::size_t column) {
  const std::int64_t* value = std::get_if<std::int64_t>(&row[column]);
  return value == nullptr ? 0 : *value;
}

/// Runs `select`, in which {0} stands for the file.
Result<std::vector<Row>> ReadRows(engine::Database& database, const std::filesystem::path& file,
                                  std::string_view select) {
  auto table =
      database.Query(fmt::format(fmt::runtime(select), engine::QuoteLiteral(file.string())));
  if (!table) {
    return Fail(Error{.code = ErrorCode::kDataInvalid,
                      .message = "the demo's data could not be read: " + table.error().message,
                      .where = Where{.file = file.string()}});
  }
  return std::move(table->rows);
}

Status ReadNames(engine::Database& database, const std::filesystem::path& data, Reference& out) {
  CANDOUR_ASSIGN(const std::vector<Row> first,
                 ReadRows(database, data / "names/first_names_1904_1994.csv",
                          "SELECT name, sex, year::BIGINT, rank::BIGINT FROM read_csv({0}) "
                          "ORDER BY year, sex, rank, name"));
  for (const Row& row : first) {
    // Names given in a year fall off with their rank about as 1 / (rank + 5).
    const auto weight = static_cast<std::uint64_t>(10000 / (Whole(row, 3) + 5));
    out.first_names[static_cast<int>(Whole(row, 2))][Text(row, 1) == "F" ? 1 : 0].Add(Text(row, 0),
                                                                                      weight);
  }
  CANDOUR_ASSIGN(const std::vector<Row> last,
                 ReadRows(database, data / "names/surnames.csv",
                          "SELECT surname, weight::BIGINT FROM read_csv({0}, header=true) "
                          "ORDER BY weight DESC, surname"));
  for (const Row& row : last) {
    out.surnames.Add(Text(row, 0), static_cast<std::uint64_t>(Whole(row, 1)));
  }
  return {};
}

Status ReadPlaces(engine::Database& database, const std::filesystem::path& data, Reference& out) {
  CANDOUR_ASSIGN(const std::vector<Row> postcodes,
                 ReadRows(database, data / "essex_postcodes/essex_postcodes_2014.parquet",
                          "SELECT postcode, lad_name, latitude, longitude FROM read_parquet({0}) "
                          "ORDER BY postcode"));
  for (const Row& row : postcodes) {
    out.postcodes.push_back({Text(row, 0), Text(row, 1), Real(row, 2), Real(row, 3)});
  }
  CANDOUR_ASSIGN(
      const std::vector<Row> wards,
      ReadRows(database, data / "causes_coop/coop_lcf_2017_by_ward.csv",
               "SELECT ward_code, ward_name, lad_name, latitude::DOUBLE, longitude::DOUBLE, "
               "grants::BIGINT FROM read_csv({0}) WHERE lad_name IN ('Basildon', 'Braintree', "
               "'Brentwood', 'Castle Point', 'Chelmsford', 'Colchester', 'Epping Forest', "
               "'Harlow', 'Maldon', 'Rochford', 'Southend-on-Sea', 'Tendring', 'Thurrock', "
               "'Uttlesford') ORDER BY ward_code"));
  for (const Row& row : wards) {
    out.wards.push_back({Text(row, 0), Text(row, 1), Text(row, 2), Real(row, 3), Real(row, 4),
                         static_cast<int>(Whole(row, 5))});
  }
  return {};
}

Status ReadCustomers(engine::Database& database, const std::filesystem::path& data,
                     Reference& out) {
  const std::filesystem::path journey = data / "complete_journey";
  const std::string demographics = engine::QuoteLiteral((journey / "demographics.csv").string());
  CANDOUR_ASSIGN(
      const std::vector<Row> households,
      ReadRows(database, journey / "transactions_sample.parquet",
               "SELECT t.household_id, any_value(d.age) FROM read_parquet({0}) t "
               "LEFT JOIN read_csv(" +
                   demographics + ") d ON d.household_id = t.household_id GROUP BY 1 ORDER BY 1"));
  for (const Row& row : households) out.households.push_back({Text(row, 0), Text(row, 1)});
  CANDOUR_ASSIGN(const std::vector<Row> customers,
                 ReadRows(database, data / "online_retail/onlineretail.parquet",
                          "SELECT DISTINCT customer_id FROM read_parquet({0}) "
                          "WHERE customer_id IS NOT NULL ORDER BY 1"));
  for (const Row& row : customers) out.electrical_customers.push_back(Text(row, 0));
  return {};
}

}  // namespace

void WeightedNames::Add(std::string name, std::uint64_t weight) {
  names.push_back(std::move(name));
  cumulative.push_back((cumulative.empty() ? 0 : cumulative.back()) + weight);
}

Result<Reference> ReadReference(engine::Database& database, const std::filesystem::path& data) {
  Reference reference;
  CANDOUR_TRY(ReadNames(database, data, reference));
  CANDOUR_TRY(ReadPlaces(database, data, reference));
  CANDOUR_TRY(ReadCustomers(database, data, reference));
  return reference;
}

}  // namespace candour::demo
