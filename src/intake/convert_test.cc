#include "intake/convert.h"

#include <gmock/gmock.h>

#include "engine/database.h"

namespace candour::intake {
namespace {

using catalogue::FieldType;

/// What a value of a source's type becomes; "null" when it is not of the field's type.
std::string Converted(FieldType type, const std::string& source_type, const std::string& value) {
  auto database = engine::Database::Open();
  EXPECT_TRUE(database && database->Run("SET TimeZone='UTC'"));
  const auto table =
      database->Query("SELECT coalesce(CAST(" + ConvertSql(type, source_type, "c") +
                      " AS VARCHAR), 'null') FROM (SELECT CAST(" + engine::QuoteLiteral(value) +
                      " AS " + source_type + ") AS c)");
  EXPECT_TRUE(table) << table.error().ToString();
  return table ? engine::ToText(table->rows[0][0]) : "error";
}

TEST(ConvertTest, TextBecomesTheFieldsTypeOrNothing) {
  const struct {
    FieldType type;
    const char* text;
    const char* expected;
  } cases[] = {
      {FieldType::kInteger, "42", "42"},
      {FieldType::kInteger, " -42 ", "-42"},
      {FieldType::kInteger, "42.0", "42"},
      {FieldType::kInteger, "1.7", "null"},
      {FieldType::kInteger, "0x1F", "null"},
      {FieldType::kInteger, "1e3", "null"},
      {FieldType::kInteger, "3000000000", "null"},
      {FieldType::kBigint, "9223372036854775807", "9223372036854775807"},
      {FieldType::kBigint, "9223372036854775808", "null"},
      {FieldType::kDouble, "1.5", "1.5"},
      {FieldType::kDouble, "nan", "null"},
      {FieldType::kDouble, "1e400", "null"},
      {FieldType::kDecimal, "1.005", "1.01"},
      {FieldType::kDecimal, "1,000", "null"},
      {FieldType::kBoolean, "yes", "true"},
      {FieldType::kBoolean, "maybe", "null"},
      {FieldType::kDate, "2017-08-04", "2017-08-04"},
      {FieldType::kDate, "04/08/2017", "null"},
      {FieldType::kDate, "infinity", "null"},
      {FieldType::kTimestamp, "2017-08-04 10:00:00", "2017-08-04 10:00:00"},
      {FieldType::kTimestamp, "2017-08-04T10:00:00+01:00", "2017-08-04 09:00:00"},
      {FieldType::kTimestamp, "2017-08-04", "2017-08-04 00:00:00"},
      {FieldType::kTimestamp, "10:00", "null"},
      {FieldType::kText, " as it is ", " as it is "},
  };
  for (const auto& [type, text, expected] : cases) {
    EXPECT_EQ(Converted(type, "VARCHAR", text), expected)
        << catalogue::SqlName(type) << " " << text;
  }
}

TEST(ConvertTest, TypedColumnsKeepTheirValues) {
  EXPECT_EQ(Converted(FieldType::kInteger, "BIGINT", "3000000000"), "null");
  EXPECT_EQ(Converted(FieldType::kInteger, "DOUBLE", "5"), "5");
  EXPECT_EQ(Converted(FieldType::kInteger, "DOUBLE", "5.5"), "null");
  EXPECT_EQ(Converted(FieldType::kBoolean, "INTEGER", "1"), "true");
  EXPECT_EQ(Converted(FieldType::kBoolean, "INTEGER", "5"), "null");
  EXPECT_EQ(Converted(FieldType::kDate, "TIMESTAMP", "2017-08-04 10:00:00"), "2017-08-04");
  EXPECT_EQ(Converted(FieldType::kTimestamp, "TIMESTAMP WITH TIME ZONE", "2017-08-04 10:00:00+01"),
            "2017-08-04 09:00:00");
  EXPECT_EQ(Converted(FieldType::kTimestamp, "TIMESTAMP_NS", "2017-08-04 10:00:00"),
            "2017-08-04 10:00:00");
  EXPECT_EQ(Converted(FieldType::kDecimal, "DECIMAL(12,3)", "1.235"), "1.24");
  EXPECT_EQ(Converted(FieldType::kText, "INTEGER", "7"), "7");
  EXPECT_EQ(Converted(FieldType::kDouble, "DATE", "2017-08-04"), "null");
}

}  // namespace
}  // namespace candour::intake
