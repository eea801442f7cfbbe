#include "http/url.h"

#include <gtest/gtest.h>

namespace candour::http {
namespace {

TEST(Url, IsReadInItsParts) {
  EXPECT_EQ(ParseUrl("http://witness.example"),
            (Url{.host = "witness.example", .port = 80, .target = "/"}));
  EXPECT_EQ(ParseUrl("http://127.0.0.1:8481/a/b?c=d/e"),
            (Url{.host = "127.0.0.1", .port = 8481, .target = "/a/b?c=d/e"}));
  EXPECT_EQ(ParseUrl("http://host?q"), (Url{.host = "host", .port = 80, .target = "/?q"}));
  EXPECT_EQ(ParseUrl("http://[::1]:80/"), (Url{.host = "::1", .port = 80, .target = "/"}));
  EXPECT_EQ(ParseUrl("http://[::1]")->Authority(), "[::1]");
  EXPECT_EQ(ParseUrl("http://host:8481/x")->Authority(), "host:8481");
  EXPECT_EQ(ParseUrl("http://host:80/x")->Authority(), "host");
}

TEST(Url, RefusesWhatIsNone) {
  for (const char* const text : {"",
                                 "host",
                                 "http:/host",
                                 "HTTP://host",
                                 "ftp://host",
                                 "http://",
                                 "http:///x",
                                 "http://user@host/",
                                 "http://user:pass@host/",
                                 "http://host:0/",
                                 "http://host:65536/",
                                 "http://host:/",
                                 "http://host:8x/",
                                 "http://host:+80/",
                                 "http://[::1",
                                 "http://[]/",
                                 "http://[abc]/",
                                 "http://::1/",
                                 "http://ho st/",
                                 "http://host/a b",
                                 "http://host/a\r\nX: y",
                                 "http://host/#x",
                                 "http://host#x",
                                 "http://h\xc3\xb6st/",
                                 "http://host/\xc3\xb6"}) {
    const auto url = ParseUrl(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseUrl("http://host/" + std::string(3000, 'x')));
  EXPECT_EQ(ParseUrl("https://host/").error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace candour::http
