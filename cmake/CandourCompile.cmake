# How everything is compiled: warnings are errors, hardening is on in release, sanitizers by name.

add_library(candour_compile INTERFACE)
target_include_directories(candour_compile INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(candour_compile INTERFACE fmt::fmt Threads::Threads)
target_compile_definitions(
  candour_compile INTERFACE _GLIBCXX_ASSERTIONS JSON_USE_IMPLICIT_CONVERSIONS=0
                            CANDOUR_VERSION="${PROJECT_VERSION}")
target_compile_options(
  candour_compile
  INTERFACE -Wall
            -Wextra
            -Wshadow
            -Wconversion
            -Wno-missing-field-initializers
            -Werror
            -fstack-protector-strong
            -fPIE)
target_link_options(candour_compile INTERFACE -pie)

# In seconds: what a test program may take before it counts as hanging.
set(CANDOUR_TEST_TIMEOUT 600)

set(CANDOUR_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")
if(CANDOUR_SANITIZE)
  set(CANDOUR_TEST_TIMEOUT 3600)
  add_compile_options(-fsanitize=${CANDOUR_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${CANDOUR_SANITIZE})
  # Under a sanitizer GCC 12 sees uninitialised members and accesses beyond bounds in the standard
  # library that are none; the release build, which has no such doubt, keeps the warnings errors.
  target_compile_options(candour_compile INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds
                                                   -Wno-stringop-overflow)
else()
  target_compile_definitions(candour_compile INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

find_program(CANDOUR_CCACHE ccache)
if(CANDOUR_CCACHE)
  # The two sloppiness settings are what ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CANDOUR_CCACHE})
  add_compile_options(-fpch-preprocess)
endif()

# The standard headers that most files include, compiled once.
add_library(candour_pch STATIC ${PROJECT_SOURCE_DIR}/cmake/pch.cc)
target_link_libraries(candour_pch PUBLIC candour_compile)
target_precompile_headers(
  candour_pch PRIVATE <algorithm> <chrono> <expected> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <unordered_map> <variant> <vector> <fmt/format.h>)
