#include "cli/command_line.h"

int main(int argc, char** argv) { return candour::cli::Run(argc, argv); }
