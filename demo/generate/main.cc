#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "generate.h"

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]).starts_with("-")) {
    fmt::print(stderr, "usage: demo_generate DATA-FOLDER OUT-FOLDER\n");
    return 2;
  }
  if (auto status = candour::demo::Generate(argv[1], argv[2]); !status) {
    fmt::print(stderr, "{}\n", status.error().ToString());
    return 1;
  }
  fmt::print("{} made-up members and their registers are in {}\n", candour::demo::kMembers,
             argv[2]);
  return 0;
}
