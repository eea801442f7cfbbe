#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candour::http {

/// One line of a head.
struct Field {
  std::string name;
  std::string value;
};

/// A request whose framing was found to have one meaning only. A value.
struct Request {
  std::string method;  ///< as sent: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS
  std::string target;  ///< begins with "/"; not decoded
  std::vector<Field> fields;
  std::string body;

  /// The value of the first field of that name, in whatever case; empty when there is none.
  std::string_view Value(std::string_view name) const;
};

/// An answer. A value.
struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<Field> fields = {};  ///< further ones
};

/// Whether two names of fields are the same one: ASCII letters in either case are equal.
bool IsSameName(std::string_view a, std::string_view b);

}  // namespace candour::http
