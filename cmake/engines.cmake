# The libraries of the toolkit, and which engines this build can have.
#
# Relacy has its own operator new and switches stacks by hand, which no sanitizer follows: it is
# left out of sanitized builds. ThreadSanitizer's harness is clang's, and cannot be in a program that
# is sanitized otherwise. Engine rc11 switches stacks as well. Tests see PARLEY_HAS_RELACY,
# PARLEY_HAS_RC11 and PARLEY_HAS_TSAN.

find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
# Debian's md4cConfig.cmake wants a library that its package does not depend on.
find_path(PARLEY_MD4C_INCLUDE md4c.h REQUIRED)
find_library(PARLEY_MD4C_LIBRARY md4c REQUIRED)
mark_as_advanced(PARLEY_MD4C_INCLUDE PARLEY_MD4C_LIBRARY)
add_library(md4c::md4c INTERFACE IMPORTED GLOBAL)
target_include_directories(md4c::md4c INTERFACE ${PARLEY_MD4C_INCLUDE})
target_link_libraries(md4c::md4c INTERFACE ${PARLEY_MD4C_LIBRARY})

set(PARLEY_HAS_RELACY ON)
set(PARLEY_HAS_TSAN OFF)
if(PARLEY_SANITIZERS)
    set(PARLEY_HAS_RELACY OFF)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(PARLEY_HAS_TSAN ON)
endif()

# parley_library(<name> <folder>... [EXCLUDE <file>...]): all .cpp of the folders, not of those below.
# A folder without any makes a library of headers.
function(parley_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXCLUDE")
    set(sources)
    foreach(folder IN LISTS arg_UNPARSED_ARGUMENTS)
        file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
        list(APPEND sources ${found})
    endforeach()
    foreach(file IN LISTS arg_EXCLUDE)
        list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/${file})
    endforeach()
    if(NOT sources)
        file(TOUCH ${PROJECT_BINARY_DIR}/empty.cpp)
        set(sources ${PROJECT_BINARY_DIR}/empty.cpp)
    endif()
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC parley_flags fmt::fmt nlohmann_json::nlohmann_json)
endfunction()

parley_library(parley_checker checker checker/render)
target_link_libraries(parley_checker PRIVATE md4c::md4c)
parley_library(parley_stress stress EXCLUDE stress/main.cpp)
target_link_libraries(parley_stress PUBLIC parley_checker)
parley_library(parley_rc11 checker/rc11)
target_link_libraries(parley_rc11 PUBLIC parley_checker)
find_library(PARLEY_BOOST_CONTEXT boost_context)
mark_as_advanced(PARLEY_BOOST_CONTEXT)
set(PARLEY_HAS_RC11 OFF)
if(PARLEY_BOOST_CONTEXT AND NOT PARLEY_SANITIZERS)
    set(PARLEY_HAS_RC11 ON)
    parley_library(parley_rc11_fiber checker/rc11/fiber)
    target_link_libraries(parley_rc11_fiber PUBLIC parley_checker ${PARLEY_BOOST_CONTEXT})
    parley_library(parley_rc11_protocol checker/rc11/protocol)
    target_link_libraries(parley_rc11_protocol PUBLIC parley_rc11 parley_rc11_fiber)
endif()
# Its runtime has the names of ThreadSanitizer's, of threads and of the heap, and is for programs under
# check only: see parley_add_model_check().
set(PARLEY_HAS_MODEL_CHECK OFF)
if(PARLEY_HAS_RC11 AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    set(PARLEY_HAS_MODEL_CHECK ON)
    parley_library(parley_rc11_runtime checker/rc11/runtime)
    target_link_libraries(parley_rc11_runtime PUBLIC parley_rc11 parley_rc11_fiber
                                                     ${CMAKE_DL_LIBS})
endif()
parley_library(parley_cli checker/cli EXCLUDE checker/cli/main.cpp)
target_link_libraries(parley_cli PUBLIC parley_stress parley_rc11 CLI11::CLI11)
# A header of 10,000 lines that every subcommand includes, and no code that anyone waits for.
target_precompile_headers(parley_cli PRIVATE <CLI/CLI.hpp> <fmt/format.h>)
target_compile_options(parley_cli PRIVATE -O1)

if(PARLEY_HAS_RELACY)
    parley_library(parley_relacy checker/relacy)
    target_link_libraries(parley_relacy PUBLIC parley_checker)
endif()

# ThreadSanitizer calls back into this file, which must not be instrumented itself.
if(PARLEY_HAS_TSAN OR PARLEY_SANITIZERS STREQUAL "thread")
    set_property(SOURCE ${PROJECT_SOURCE_DIR}/stress/tsan_hook.cpp
                 PROPERTY COMPILE_OPTIONS -fno-sanitize=thread)
endif()

# The same harness under ThreadSanitizer: every other source of it is instrumented, the checker too.
if(PARLEY_HAS_TSAN)
    parley_library(parley_stress_tsan checker checker/render stress EXCLUDE stress/main.cpp)
    # Its sources are in compile_commands.json already.
    set_property(TARGET parley_stress_tsan PROPERTY EXPORT_COMPILE_COMMANDS OFF)
    target_link_libraries(parley_stress_tsan PRIVATE md4c::md4c)
    target_compile_options(parley_stress_tsan PUBLIC -fsanitize=thread)
    target_link_options(parley_stress_tsan PUBLIC -fsanitize=thread)
endif()
