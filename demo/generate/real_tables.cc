#include "real_tables.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace candour::demo {
namespace {

std::string Literal(const std::filesystem::path& file) {
  return engine::QuoteLiteral(file.string());
}

constexpr std::string_view kProducts = R"sql(
COPY (
  SELECT p.product_id, p.manufacturer_id, p.department, p.brand, p.product_category,
         p.product_type, p.package_size,
         CASE WHEN p.product_category IS NULL THEN 'candour:unclassified'
              ELSE 'candour:' || replace(coalesce(t.topic, c.topic), ' ', '-')
         END AS sensitive_category
  FROM read_parquet({0}) p
  LEFT JOIN read_csv({1}) t ON t.level = 'product_type' AND t.value = p.product_type
  LEFT JOIN read_csv({1}) c ON c.level = 'product_category' AND c.value = p.product_category
  ORDER BY p.product_id
) TO {2} (FORMAT parquet, COMPRESSION zstd)
)sql";

/// Refuses unless `select` gives the one text `expected`.
Status CheckSum(engine::Database& database, const std::filesystem::path& file,
                std::string_view select, std::string_view expected) {
  auto table = database.Query(fmt::format(fmt::runtime(select), Literal(file)));
  const std::string found = table && !table->rows.empty() ? engine::ToText(table->rows[0][0]) : "";
  if (found == expected) return {};
  return Fail(Error{.code = ErrorCode::kDataInvalid,
                    .message = "a file of the demo's real data is not the one the demo speaks of",
                    .where = Where{.file = file.string()},
                    .expected = std::string(expected),
                    .found = found});
}

}  // namespace

Status WriteProducts(engine::Database& database, const std::filesystem::path& data,
                     const std::filesystem::path& file) {
  return database.Run(fmt::format(
      fmt::runtime(kProducts), Literal(data / "complete_journey/products.parquet"),
      Literal(data / "classification/sensitive_categories_proposed.csv"), Literal(file)));
}

Status CheckSums(engine::Database& database, const std::filesystem::path& data) {
  CANDOUR_TRY(CheckSum(database, data / "complete_journey/transactions_sample.parquet",
                       "SELECT count(*) || ' lines, ' || count(DISTINCT household_id) || "
                       "' households' FROM read_parquet({0})",
                       "75000 lines, 2377 households"));
  CANDOUR_TRY(CheckSum(database, data / "online_retail/onlineretail.parquet",
                       "SELECT count(*) || ' lines, ' || count(*) FILTER (customer_id IS NULL) || "
                       "' without customer' FROM read_parquet({0})",
                       "541909 lines, 135080 without customer"));
  return CheckSum(database, data / "causes_coop/coop_lcf_2017_by_ward.csv",
                  "SELECT sum(grants) || ' grants, GBP ' || "
                  "sum(amount_awarded_gbp::DECIMAL(18,2)) FROM read_csv({0})",
                  "7721 grants, GBP 19447824.38");
}

}  // namespace candour::demo
