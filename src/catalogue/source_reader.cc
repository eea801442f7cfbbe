#include "catalogue/source_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/yaml_reader.h"

namespace candour::catalogue {
namespace {

/// Letters, digits, dots, hyphens and underscores: nothing that a connection string reads as more
/// than a name.
bool IsPlainName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

/// A name whose last part has a letter is no IPv4 address in any of its spellings but hexadecimal.
bool IsHostName(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool letter = std::ranges::any_of(
      last, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return IsPlainName(host) && letter && !last.starts_with("0x") && !last.starts_with("0X");
}

void ReadLocal(YamlReader& server, Source& source) {
  source.location = server.Text("path");
  const std::string format = server.Text("format");
  if (format == "csv") {
    source.kind = Source::Kind::kCsv;
  } else if (format == "parquet") {
    source.kind = Source::Kind::kParquet;
  } else if (format == "json") {
    source.kind = Source::Kind::kJson;
  } else if (!format.empty()) {
    server.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "the source's format is not one Candour reads"}
                      .At(server.Place("format"))
                      .Expected("csv, parquet or json")
                      .Found(Quoted(format)));
  }
}

void ReadPostgres(YamlReader& server, const Contract& contract, Source& source) {
  source.kind = Source::Kind::kPostgres;
  const std::string host = server.Text("host");
  const std::string database = server.Text("database");
  const std::string schema = server.OptionalText("schema", "public");
  const int port = server.OptionalInt("port", 1, 65535, 5432);
  if (!host.empty() && !IsHostName(host)) {
    server.Report(Error{.code = ErrorCode::kSourceNotAllowed,
                        .message = "the source's host is not given by name"}
                      .At(server.Place("host"))
                      .Expected("a host name")
                      .Found(Quoted(host)));
  }
  for (const std::string_view key : {"database", "schema"}) {
    if (!server.Has(key) || IsPlainName(server.OptionalText(key))) continue;
    server.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = fmt::format("a source's name is not a plain name: {}", key)}
                      .At(server.Place(key))
                      .Expected("letters, digits, dots, hyphens and underscores"));
  }
  source.location = fmt::format("host={} port={} dbname={}", host, port, database);
  const ContractTable& table = contract.tables.front();
  source.table = schema + "." + (table.physical_name.empty() ? table.name : table.physical_name);
}

}  // namespace

Source ReadSource(const Contract& contract, const std::string& file, Diagnostics& diagnostics) {
  Source source;
  if (contract.servers.size() != 1 || contract.tables.empty()) {
    diagnostics.push_back(Error{.code = ErrorCode::kDeclarationInvalid,
                                .message = "the contract does not name one server to read from"}
                              .At(contract.where)
                              .Expected("servers: with one entry of type local or postgres")
                              .Found(fmt::format("{} servers", contract.servers.size())));
    return source;
  }
  const ContractServer& only = contract.servers.front();
  YamlReader server(&only.node, file, "the server", diagnostics);
  if (only.type == "local") {
    ReadLocal(server, source);
  } else if (only.type == "postgres" || only.type == "postgresql") {
    ReadPostgres(server, contract, source);
  } else if (!only.type.empty()) {
    server.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                        .message = "the server is not of a type Candour reads from"}
                      .At(server.Place("type"))
                      .Expected("local or postgres")
                      .Found(Quoted(only.type)));
  }
  return source;
}

}  // namespace candour::catalogue
