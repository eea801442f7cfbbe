#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "people/register.h"

namespace candour::people {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RegisterErasureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "candour-erasure-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Reopen();
  }
  void TearDown() override {
    register_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Reopen() {
    register_.reset();
    register_.emplace(Register::Open(folder_ / "register.db").value());
    register_->SuppressUnder(crypto::Secret(32));
  }
  RecordNo Assign(const std::string& key) {
    return register_->Assign({.key_space = "food.card", .key = key}).value();
  }
  PersonId PersonOf(RecordNo record) const {
    const auto map = register_->Map().value();
    return map->id_of[map->PersonOf(record)];
  }
  std::string Bytes() const {
    std::string bytes;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      std::ifstream in(file.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(in), {});
    }
    return bytes;
  }

  std::filesystem::path folder_;
  std::optional<Register> register_;
};

TEST_F(RegisterErasureTest, RecordsStayTakenWithoutAPersonAndTheirKeysAreGone) {
  const RecordNo ann = Assign("unmistakable-ann");
  const RecordNo bea = Assign("bea");
  const PersonId person = PersonOf(ann);
  const std::int64_t epoch = register_->Epoch().value();
  ASSERT_TRUE(register_->Erase(person, true));
  EXPECT_GT(register_->Epoch().value(), epoch);
  for (int round = 0; round < 2; ++round, Reopen()) {
    const auto map = register_->Map().value();
    EXPECT_EQ(map->PersonOf(ann), 0U);
    EXPECT_NE(map->PersonOf(bea), 0U);
    EXPECT_EQ(map->Find(person), std::nullopt);
    const auto records = register_->RecordsOf(person);
    EXPECT_EQ(records.error().code, ErrorCode::kNotFound);
    EXPECT_THAT(records.error().message, HasSubstr("erased"));
    EXPECT_EQ(register_->Find({"food.card", "unmistakable-ann"}).value(), 0U);
    EXPECT_THAT(Bytes(), Not(HasSubstr("unmistakable-ann")));
  }
  EXPECT_GT(Assign("new"), bea);
}

TEST_F(RegisterErasureTest, ASuppressedKeyComesAgainAsTheSameRecordOfNobody) {
  const RecordNo ann = Assign("ann");
  const RecordNo bea = Assign("bea");
  ASSERT_TRUE(register_->Erase(PersonOf(ann), true));
  Reopen();
  EXPECT_EQ(Assign("ann"), ann);
  EXPECT_EQ(PersonOf(ann).text, "");
  // A link to somebody else gives neither of them a person that is not theirs.
  EXPECT_EQ(register_->Merge(ann, bea, "declared", UtcTime{1}).value(), PersonOf(bea));
  EXPECT_EQ(register_->Merge(bea, ann, "declared", UtcTime{1}).value(), PersonOf(bea));
  EXPECT_EQ(PersonOf(ann).text, "");
  EXPECT_EQ(register_->Split({ann}, "x", UtcTime{1}).error().code, ErrorCode::kNotFound);
}

TEST_F(RegisterErasureTest, WithoutSuppressionTheKeyIsANewPerson) {
  const RecordNo ann = Assign("ann");
  const PersonId person = PersonOf(ann);
  ASSERT_TRUE(register_->Erase(person, false));
  const RecordNo again = Assign("ann");
  EXPECT_GT(again, ann);
  EXPECT_NE(PersonOf(again), person);
  EXPECT_NE(PersonOf(again).text, "");
}

TEST_F(RegisterErasureTest, IdsThatBecameOneWithThePersonGoWithIt) {
  const RecordNo ann = Assign("ann");
  const RecordNo card = Assign("card");
  const RecordNo split = Assign("split");
  const PersonId person = PersonOf(ann);
  const PersonId former = PersonOf(card);
  ASSERT_TRUE(register_->Merge(ann, card, "declared", UtcTime{1}));
  ASSERT_TRUE(register_->Merge(ann, split, "declared", UtcTime{2}));
  const PersonId other = register_->Split({split}, "mistake", UtcTime{3}).value();
  EXPECT_THAT(register_->FormerIds(person).value(), ElementsAre(former));
  ASSERT_TRUE(register_->Erase(person, true));
  EXPECT_THAT(register_->RecordsOf(former).error().message, HasSubstr("erased"));
  EXPECT_EQ(register_->RecordsOf(other)->size(), 1U) << "who was split off is somebody else";
  EXPECT_TRUE(register_->EventsOf(other));
  EXPECT_EQ(register_->Erase(person, true).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace candour::people
