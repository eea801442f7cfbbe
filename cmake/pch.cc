// Carries the precompiled header that every floor reuses; see CandourCompile.cmake.
