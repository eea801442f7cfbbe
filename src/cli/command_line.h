#pragma once

namespace candour::cli {

/// Runs the command that the arguments name. Returns the exit status: 0 done, 1 failed, 2 usage or
/// SQL syntax, 3 denied, 4 invalid declarations or data, 130 interrupted.
int Run(int argc, char** argv);

}  // namespace candour::cli
