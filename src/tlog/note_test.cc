#include "tlog/note.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/encoding.h"
#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

using namespace std::string_view_literals;

// The example of the signed-note document.
constexpr std::string_view kExampleKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kExample =
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

std::vector<VerifierKey> KeysOf(const std::vector<Signer>& signers) {
  std::vector<VerifierKey> keys;
  for (const Signer& signer : signers) keys.push_back(signer.verifier_key());
  return keys;
}

/// A signer "log" and the key by which to check it.
struct One {
  std::vector<Signer> signers;
  std::vector<VerifierKey> keys;
  One() {
    signers.push_back(TestSigner("log", "one"));
    keys = KeysOf(signers);
  }
  std::string Sign(std::string_view text) const { return SignNote(text, signers).value(); }
};

/// A signature line that no known key has to do with.
std::string StrangersLine(const std::string& name, std::string_view bytes = "1234signature") {
  return fmt::format("\u2014 {} {}\n", name, Base64Encode(bytes));
}

ErrorCode CodeOf(std::string_view note, const std::vector<VerifierKey>& keys) {
  const auto opened = OpenNote(note, keys);
  return opened ? ErrorCode::kInternal : opened.error().code;
}

TEST(Note, OpensTheExampleOfTheFormat) {
  const std::vector keys{VerifierKey::Parse(kExampleKey).value()};
  const OpenedNote note = OpenNote(kExample, keys).value();
  EXPECT_EQ(note.text, "This is an example message.\n");
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].key, keys[0]);
  EXPECT_FALSE(note.signatures[0].cosigned_at_s);
}

TEST(Note, NoChangedBitOfTheExampleOpens) {
  const std::vector keys{VerifierKey::Parse(kExampleKey).value()};
  for (std::size_t bit = 0; bit < 8 * kExample.size(); ++bit) {
    std::string changed(kExample);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(OpenNote(changed, keys)) << bit;
  }
}

TEST(Note, TextsComeBackAsTheyWere) {
  const One one;
  for (const std::string_view text :
       {"a\n"sv, "\n"sv, "a\n\nb\n"sv, "a\n\n"sv, "\u2014 log c2lnbmF0dXJl\n"sv,
        "a\n\n\u2014 log c2lnbmF0dXJl\n"sv, "\u00e8 subito sera.\n"sv}) {
    EXPECT_EQ(OpenNote(one.Sign(text), one.keys).value().text, text);
  }
}

TEST(Note, SeveralSignersEachCount) {
  std::vector<Signer> signers;
  signers.push_back(TestSigner("log", "one"));
  signers.push_back(TestSigner("log", "two"));
  signers.push_back(TestSigner("other", "one"));
  const std::string note = SignNote("text\n", signers).value();
  const auto keys = KeysOf(signers);
  EXPECT_EQ(OpenNote(note, keys).value().signatures.size(), 3U);
  EXPECT_EQ(OpenNote(note, std::span(keys).subspan(1, 1)).value().signatures[0].key, keys[1]);
}

TEST(Note, SignaturesOfStrangersAreIgnored) {
  const One one;
  std::string note = one.Sign("text\n");
  note += StrangersLine("stranger");
  note += StrangersLine("log");  // the name of a known key, another id
  const std::string id(reinterpret_cast<const char*>(one.keys[0].id().data()), 4);
  note += StrangersLine("another", id + "signature");  // its id, another name
  EXPECT_EQ(OpenNote(note, one.keys).value().signatures.size(), 1U);
}

TEST(Note, StrangersAloneVouchForNothing) {
  const One one;
  const std::vector stranger{TestSigner("log", "two").verifier_key()};
  EXPECT_EQ(CodeOf(one.Sign("text\n"), stranger), ErrorCode::kReceiptSignature);
  EXPECT_EQ(CodeOf(one.Sign("text\n"), {}), ErrorCode::kReceiptSignature);
}

TEST(Note, AFalseSignatureOfAKnownKeyRefusesTheNoteDespiteTrueOnes) {
  std::vector<Signer> signers;
  signers.push_back(TestSigner("log", "one"));
  signers.push_back(TestSigner("other", "two"));
  const auto keys = KeysOf(signers);
  const std::string other_text = signers[1].Sign("another text\n");
  std::string note = SignNote("text\n", std::span(signers).first(1)).value();
  note += FormatSignatureLine(keys[1], other_text);
  EXPECT_EQ(CodeOf(note, keys), ErrorCode::kReceiptSignature);
  EXPECT_TRUE(OpenNote(note, std::span(keys).first(1)));  // to whom "other" is a stranger
  EXPECT_EQ(CodeOf(SignNote("text\n", std::span(signers).first(1)).value() +
                       FormatSignatureLine(keys[0], "short"),
                   keys),
            ErrorCode::kReceiptSignature);
}

TEST(Note, AKeyThatSignedTwiceCountsOnce) {
  const One one;
  std::string note = one.Sign("text\n");
  note += FormatSignatureLine(one.keys[0], one.signers[0].Sign("text\n"));
  EXPECT_EQ(OpenNote(note, one.keys).value().signatures.size(), 1U);
}

TEST(Note, MalformedNotesAreRefused) {
  const One one;
  const std::string good = one.Sign("text\n");
  ASSERT_TRUE(OpenNote(good, one.keys));
  const std::string line = good.substr(6);
  const std::string malformed[] = {
      "",
      "\n",
      "text\n",
      "text\n\n",                               // no signatures
      good.substr(0, good.size() - 1),          // no last newline
      "text\n" + line,                          // no empty line
      "text" + line,                            // the text does not end
      line,                                     // no text
      good + "\n",                              // the last empty line parts it
      good + "more\n",                          // not a signature
      good + "- log c2lnbmF0dXJl\n",            // a hyphen for the dash
      good + "\u2014log c2lnbmF0dXJl\n",        // no space after the dash
      good + "\u2014 log\n",                    // no signature
      good + "\u2014 log \n",                   // an empty signature
      good + "\u2014  c2lnbmF0dXJl\n",          // no name
      good + "\u2014 l+g c2lnbmF0dXJl\n",       // a plus sign in a name
      good + "\u2014 l\u00a0g c2lnbmF0dXJl\n",  // a space in a name
      good + "\u2014 log c2lnbmF0dXJl \n",      // a space after the signature
      good + "\u2014 log c2lnbmF0dXJ\n",        // not base64
      good + "\u2014 log c2lnbmF0dX-_\n",       // base64 for addresses
      good + "\u2014 log c2lnbmF0dXK=\n",       // base64 in another form
      good + StrangersLine("log", "1234"),      // an id and no more
      "text\r\n" + line,
      "te\txt\n" + line,
      std::string("te\0xt\n", 6) + line,
      "te\xffxt\n" + line,
      "te\xed\xa0\x80xt\n" + line,
  };
  for (const std::string& note : malformed) {
    EXPECT_EQ(CodeOf(note, one.keys), ErrorCode::kReceiptForm) << note;
  }
}

TEST(Note, AHundredSignaturesAreReadAndNoMore) {
  const One one;
  std::string note = one.Sign("text\n");
  for (int i = 1; i < 100; ++i) note += StrangersLine(fmt::format("stranger{}", i));
  EXPECT_TRUE(OpenNote(note, one.keys));
  note += StrangersLine("stranger100");
  EXPECT_EQ(CodeOf(note, one.keys), ErrorCode::kReceiptForm);
}

TEST(Note, AMebibyteIsReadAndNoMore) {
  const One one;
  const std::size_t around = one.Sign("\n").size();
  const std::string text = std::string(kMaxNoteSize - around, 'x') + "\n";
  EXPECT_TRUE(OpenNote(one.Sign(text), one.keys));
  EXPECT_EQ(SignNote("x" + text, one.signers).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(one.Sign(text) + StrangersLine("stranger"), one.keys), ErrorCode::kReceiptForm);
}

TEST(Note, WhatCannotBeReadBackIsNotSigned) {
  std::vector<Signer> signers;
  EXPECT_EQ(SignNote("text\n", signers).error().code, ErrorCode::kInvalidArgument);
  signers.push_back(TestSigner("log", "one"));
  for (const std::string_view text : {""sv, "text"sv, "te\rxt\n"sv, "te\xffxt\n"sv}) {
    EXPECT_EQ(SignNote(text, signers).error().code, ErrorCode::kInvalidArgument);
  }
  signers.push_back(TestSigner("log", "one"));
  EXPECT_EQ(SignNote("text\n", signers).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace candour::tlog
