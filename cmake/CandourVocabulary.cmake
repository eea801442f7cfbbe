# Turns the identifiers of the Data Privacy Vocabulary (share/dpv-2.3) into a C++ list, so that the
# binary needs no file to check a declaration. Each line of the list: DPV_TERM("pd:Age", false).

set(CANDOUR_DPV_DIR ${PROJECT_SOURCE_DIR}/share/dpv-2.3)
set(CANDOUR_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)

# candour_dpv_list(CSV PREFIX OUTPUT): the classes in CSV; the second argument of a term says
# whether DPV counts it among the special categories.
function(candour_dpv_list csv prefix output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CANDOUR_DPV_DIR}/${csv})
  file(READ ${CANDOUR_DPV_DIR}/${csv} text)
  # Semicolons and brackets would take a list apart; no identifier holds them.
  string(REGEX REPLACE "[][;]" "|" text "${text}")
  set(field "\"([^\"]|\"\")*\"")
  string(REGEX MATCHALL "\n\"[A-Za-z0-9-]+\",\"class\",${field},${field},${field},\"[^\"]*\"" rows
         "${text}")
  set(lines "")
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "^\n\"([A-Za-z0-9-]+)\".*$" "\\1" term "${row}")
    set(special false)
    if(row MATCHES "SpecialCategoryPersonalData\"?$")
      set(special true)
    endif()
    string(APPEND lines "DPV_TERM(\"${prefix}:${term}\", ${special})\n")
  endforeach()
  list(LENGTH rows count)
  if(count EQUAL 0)
    message(FATAL_ERROR "no identifiers found in share/dpv-2.3/${csv}")
  endif()
  file(CONFIGURE OUTPUT ${CANDOUR_GENERATED_DIR}/catalogue/${output} CONTENT "${lines}" @ONLY)
endfunction()

candour_dpv_list(purposes.csv dpv dpv_purposes.inc)
candour_dpv_list(pd.csv pd dpv_pd.inc)
candour_dpv_list(personal_data.csv dpv dpv_data.inc)
