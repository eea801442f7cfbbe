# candour_floor(NAME [LINK library ...])
#
# One static library per folder of src/: its *.cc files, and a test program of its *_test.cc files.
# The order of the floors is a law that tools/check_floors.py checks.
function(candour_floor name)
  cmake_parse_arguments(FLOOR "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc
       ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(NOT sources)
    add_library(candour_${name} INTERFACE)
    target_link_libraries(candour_${name} INTERFACE candour_compile ${FLOOR_LINK})
    return()
  endif()
  add_library(candour_${name} STATIC ${sources})
  target_link_libraries(candour_${name} PUBLIC candour_compile ${FLOOR_LINK})
  target_precompile_headers(candour_${name} REUSE_FROM candour_pch)

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE candour_${name} GTest::gmock_main)
    target_compile_definitions(${name}_test PRIVATE CANDOUR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_precompile_headers(${name}_test REUSE_FROM candour_pch)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${CANDOUR_TEST_TIMEOUT})
  endif()
endfunction()
