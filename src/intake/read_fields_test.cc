#include "intake/read_fields.h"

#include <gmock/gmock.h>

#include "intake/test_home.h"

namespace candour::intake {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using testing::ElementsAre;

Dataset MembersContract() {
  Dataset dataset;
  dataset.name = "members.register";
  dataset.person_key = catalogue::PersonKey{.field = "number", .key_space = "members.number"};
  dataset.fields = {Field{.name = "number", .required = true}, Field{.name = "offers"},
                    Field{.name = "offers_at", .type = FieldType::kTimestamp},
                    Field{.name = "post", .type = FieldType::kBoolean}};
  dataset.source = {.kind = catalogue::Source::Kind::kCsv, .location = "sources/members.csv"};
  return dataset;
}

TEST(ReadFieldsTest, GivesRecordsWithTheirFlagsAsText) {
  TestHome home;
  home.Write("members.csv",
             "number,offers,offers_at,post\n"
             "M2,,,no\nM1,yes,2019-05-01T10:30:00+01:00,true\n");
  ASSERT_TRUE(home.Adopt(MembersContract()));
  std::vector<std::string> rows;
  const Status done =
      ReadFields(home.state(), MembersContract(), {"post", "offers", "offers_at"}, home.key(),
                 [&rows](RecordNo record, const std::vector<std::string>& values) -> Status {
                   rows.push_back(std::to_string(record) + "|" + values[0] + "|" + values[1] + "|" +
                                  values[2]);
                   return {};
                 });
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_THAT(rows, ElementsAre("1|true|yes|2019-05-01T09:30:00.000000Z", "2|false||"));
  EXPECT_TRUE(ParseTime("2019-05-01T09:30:00.000000Z"));
}

TEST(ReadFieldsTest, SaysWhatIsWrong) {
  TestHome home;
  const auto ignore = [](RecordNo, const std::vector<std::string>&) -> Status { return {}; };
  Dataset members = MembersContract();
  EXPECT_EQ(ReadFields(home.state(), members, {"offers"}, home.key(), ignore).error().code,
            ErrorCode::kDatasetEmpty);
  EXPECT_EQ(ReadFields(home.state(), members, {"nothing"}, home.key(), ignore).error().code,
            ErrorCode::kNotFound);
  home.Write("members.csv", "number,offers,offers_at,post\nM1,yes,,\n");
  ASSERT_TRUE(home.Adopt(members));
  EXPECT_EQ(ReadFields(home.state(), members, {"offers"}, home.key(),
                       [](RecordNo, const std::vector<std::string>&) -> Status {
                         return Fail(ErrorCode::kExhausted, "enough");
                       })
                .error()
                .code,
            ErrorCode::kExhausted);
  members.fields.push_back(Field{.name = "added_later"});
  EXPECT_EQ(ReadFields(home.state(), members, {"added_later"}, home.key(), ignore).error().code,
            ErrorCode::kDataInvalid);
  members.person_key.reset();
  EXPECT_EQ(ReadFields(home.state(), members, {"offers"}, home.key(), ignore).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace candour::intake
