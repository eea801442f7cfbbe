# The DuckDB engine as a shared library and its C header, unpacked by tools/bootstrap.

set(CANDOUR_DUCKDB_DIR ${PROJECT_SOURCE_DIR}/build/deps/duckdb)
if(NOT EXISTS ${CANDOUR_DUCKDB_DIR}/libduckdb.so)
  message(FATAL_ERROR "DuckDB is not there yet: run tools/bootstrap")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(
  duckdb PROPERTIES IMPORTED_LOCATION ${CANDOUR_DUCKDB_DIR}/libduckdb.so
                    IMPORTED_NO_SONAME TRUE INTERFACE_INCLUDE_DIRECTORIES ${CANDOUR_DUCKDB_DIR})
