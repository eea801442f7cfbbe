#include "http/head.h"

#include <gtest/gtest.h>

#include <vector>

namespace candour::http {
namespace {

const std::vector<std::string> kHosts = {"127.0.0.1", "localhost"};
constexpr std::size_t kMaxBody = 1000;

HeadVerdict Judge(std::string_view bytes) { return CheckHead(bytes, kHosts, kMaxBody); }

/// A request with one Host and these further lines.
std::string With(std::string_view lines) {
  return std::string("POST /x HTTP/1.1\r\nHost: localhost\r\n").append(lines).append("\r\n");
}

int StatusOf(const std::string& bytes) {
  const HeadVerdict verdict = Judge(bytes);
  return verdict.kind == HeadVerdict::kRefused ? verdict.status : 200;
}

TEST(Head, AcceptsPlainRequests) {
  const std::string head = With("Content-Length: 3\r\nX-Other: a, b\tc\r\n");
  const HeadVerdict verdict = Judge(head + "abcGET");
  EXPECT_EQ(verdict.kind, HeadVerdict::kComplete);
  EXPECT_EQ(verdict.size, head.size());
  EXPECT_EQ(verdict.fields, 3U);
  for (const char* const good :
       {"GET / HTTP/1.1\r\nHost: 127.0.0.1:8481\r\n\r\n",
        "GET /a/b?c=d%20e HTTP/1.1\r\nhost:LocalHost\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "DELETE / HTTP/1.1\r\nHost: \t localhost \t\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTRANSFER-ENCODING: Chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nEmpty:\r\n\r\n"}) {
    EXPECT_EQ(Judge(good).kind, HeadVerdict::kComplete) << good;
  }
}

TEST(Head, WaitsForTheRest) {
  const std::string head = With("Content-Length: 3\r\n");
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(Judge(head.substr(0, size)).kind, HeadVerdict::kIncomplete) << size;
  }
}

TEST(Head, RefusesLengthsThatCanBeReadInTwoWays) {
  for (const char* const lines : {"Content-Length: 3\r\nContent-Length: 3\r\n",
                                  "Content-Length: 3\r\nContent-Length: 4\r\n",
                                  "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                                  "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                  "Transfer-Encoding: gzip\r\n",
                                  "Transfer-Encoding: gzip, chunked\r\n",
                                  "Transfer-Encoding: chunked, gzip\r\n",
                                  "Transfer-Encoding: chunked, chunked\r\n",
                                  "Transfer-Encoding: identity\r\n",
                                  "Transfer-Encoding:\r\n",
                                  "Transfer-Encoding: chunked;q=1\r\n",
                                  "Transfer-Encoding: \"chunked\"\r\n",
                                  "Content-Length: 3, 3\r\n",
                                  "Content-Length: +3\r\n",
                                  "Content-Length: -3\r\n",
                                  "Content-Length: 0x3\r\n",
                                  "Content-Length: 3 3\r\n",
                                  "Content-Length: 3;\r\n",
                                  "Content-Length:\r\n",
                                  "Content-Length: three\r\n"}) {
    EXPECT_EQ(StatusOf(With(lines)), 400) << lines;
  }
  EXPECT_EQ(StatusOf("POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400);
}

TEST(Head, RefusesLinesThatAreNoFields) {
  for (const char* const lines :
       {"Content-Length : 3\r\n", " Content-Length: 3\r\n", "X: a\r\n b\r\n", "X: a\r\n\tb\r\n",
        "no colon\r\n", ": nothing\r\n", "X(Y): a\r\n", "X: a\nY: b\r\n", "X: a\rY: b\r\n",
        "X: \x01\r\n", "X: \x7f\r\n", "X\xc3\xa9: a\r\n"}) {
    EXPECT_EQ(StatusOf(With(lines)), 400) << lines;
  }
  EXPECT_EQ(StatusOf(With(std::string("X: a\0b\r\n", 8))), 400);
}

TEST(Head, RefusesAtTheFirstWrongByte) {
  for (const char* const begin : {"\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\r", "\x16\x03\x01",
                                  "GET / HTTP/1.1\r\nHost: localhost\n"}) {
    EXPECT_EQ(Judge(begin).kind, HeadVerdict::kRefused) << begin;
  }
}

TEST(Head, RefusesFirstLinesThatAreNotPlain) {
  const std::string rest = "\r\nHost: localhost\r\n\r\n";
  for (const char* const line :
       {"", "GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
        "GET /a b HTTP/1.1", "GET\t/\tHTTP/1.1", "GET x HTTP/1.1", "GET * HTTP/1.1",
        "GET http://localhost/ HTTP/1.1", "GET /# HTTP/1.1", "GET /\xc3\xa9 HTTP/1.1"}) {
    EXPECT_EQ(StatusOf(line + rest), 400) << line;
  }
  EXPECT_EQ(StatusOf("CONNECT / HTTP/1.1" + rest), 501);
  EXPECT_EQ(StatusOf("get / HTTP/1.1" + rest), 501);
  EXPECT_EQ(StatusOf("GET / HTTP/2.0" + rest), 505);
  EXPECT_EQ(StatusOf("GET / http/1.1" + rest), 505);
  EXPECT_EQ(StatusOf("GET / HTTP/1.10" + rest), 505);
  EXPECT_EQ(StatusOf("GET /" + std::string(kMaxTargetSize, 'x') + " HTTP/1.1" + rest), 414);
}

TEST(Head, AnswersToItsOwnNamesOnly) {
  const std::string first = "GET / HTTP/1.1\r\n";
  EXPECT_EQ(StatusOf(first + "\r\n"), 400);
  EXPECT_EQ(StatusOf(first + "Host: localhost\r\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(first + "Host: localhost\r\nhost: evil.example\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\n\r\n"), 400);
  for (const char* const host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "localhost,evil",
        "evil@localhost", "localhost/", "[localhost]", "local host"}) {
    EXPECT_EQ(StatusOf(first + "Host: " + host + "\r\n\r\n"), 421) << host;
  }
  for (const char* const host :
       {"localhost:", "localhost:8x", "localhost:123456", "localhost: 1"}) {
    EXPECT_EQ(StatusOf(first + "Host: " + host + "\r\n\r\n"), 400) << host;
  }
}

TEST(Head, HasLimits) {
  std::string fields;
  for (int i = 0; i < 63; ++i) fields += "A: b\r\n";
  EXPECT_EQ(StatusOf(With(fields)), 200);
  EXPECT_EQ(StatusOf(With(fields + "A: b\r\n")), 431);
  EXPECT_EQ(StatusOf(With("A: " + std::string(kMaxHeadSize, 'x') + "\r\n")), 431);
  EXPECT_EQ(StatusOf(std::string(kMaxHeadSize, 'x')), 431);
  EXPECT_EQ(StatusOf(With("Content-Length: 1001\r\n")), 413);
  EXPECT_EQ(StatusOf(With("Content-Length: 99999999999999999999999\r\n")), 413);
  EXPECT_EQ(StatusOf(With("Expect: 100-continue\r\n")), 417);
}

}  // namespace
}  // namespace candour::http
