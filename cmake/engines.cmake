# The libraries of the toolkit, and which engines this build can have.
#
# Relacy has its own operator new and switches stacks by hand, which no sanitizer follows: it is
# left out of sanitized builds. ThreadSanitizer's harness is clang's, and cannot be in a program that
# is sanitized otherwise. Engine rc11 switches stacks as well. Tests see PARLEY_HAS_RELACY,
# PARLEY_HAS_RC11 and PARLEY_HAS_TSAN.

find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
include(parley_find_md4c)

set(PARLEY_HAS_RELACY OFF)
find_path(PARLEY_RELACY_INCLUDE relacy/relacy.hpp)
mark_as_advanced(PARLEY_RELACY_INCLUDE)
if(NOT PARLEY_SANITIZERS)
    if(PARLEY_RELACY_INCLUDE)
        set(PARLEY_HAS_RELACY ON)
    elseif(PROJECT_IS_TOP_LEVEL)
        message(FATAL_ERROR "There is no relacy/relacy.hpp (Debian: relacy-dev)")
    else()
        message(STATUS "Left out: engine relacy (there is no relacy/relacy.hpp)")
    endif()
endif()
set(PARLEY_HAS_TSAN OFF)
if(NOT PARLEY_SANITIZERS AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(PARLEY_HAS_TSAN ON)
endif()

# What nearly every source includes, and takes half of its time to compile.
set(parley_common_headers <algorithm> <functional> <map> <optional> <string> <variant> <vector>
                          <fmt/format.h>)

# parley_precompile(<target> <first>): those, compiled once for all targets that are compiled as the first
# one is.
function(parley_precompile target first)
    if(target STREQUAL first)
        target_precompile_headers(${target} PRIVATE ${parley_common_headers})
    else()
        target_precompile_headers(${target} REUSE_FROM ${first})
    endif()
endfunction()

# parley_export(<target>): parley_x is parley::x, here and for a project that finds the package.
function(parley_export target)
    string(REGEX REPLACE "^parley_" "" name ${target})
    add_library(parley::${name} ALIAS ${target})
    set_property(TARGET ${target} PROPERTY EXPORT_NAME ${name})
    set_property(GLOBAL APPEND PROPERTY PARLEY_EXPORTED ${target})
endfunction()
parley_export(parley_headers)

# parley_library(<name> <folder>... [COMPILED_AS <target>]): all .cpp of the folders, not of those below.
# A folder without any makes a library of headers. The target has the same options as this one; unless
# another one is named, parley_checker.
function(parley_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMPILED_AS" "")
    if(NOT arg_COMPILED_AS)
        set(arg_COMPILED_AS parley_checker)
    endif()
    set(sources)
    foreach(folder IN LISTS arg_UNPARSED_ARGUMENTS)
        file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
        list(APPEND sources ${found})
    endforeach()
    if(NOT sources)
        file(TOUCH ${PROJECT_BINARY_DIR}/empty.cpp)
        set(sources ${PROJECT_BINARY_DIR}/empty.cpp)
    endif()
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC parley_headers fmt::fmt nlohmann_json::nlohmann_json)
    parley_export(${name})
    parley_precompile(${name} ${arg_COMPILED_AS})
endfunction()

find_path(PARLEY_DW_INCLUDE elfutils/libdw.h)
find_library(PARLEY_DW_LIBRARY dw)
find_library(PARLEY_ELF_LIBRARY elf)
mark_as_advanced(PARLEY_DW_INCLUDE PARLEY_DW_LIBRARY PARLEY_ELF_LIBRARY)
if(NOT PARLEY_DW_INCLUDE OR NOT PARLEY_DW_LIBRARY OR NOT PARLEY_ELF_LIBRARY)
    message(FATAL_ERROR "There is no elfutils/libdw.h (Debian: libdw-dev)")
endif()
parley_library(parley_checker checker)
target_link_libraries(parley_checker PRIVATE CLI11::CLI11 md4c::md4c ${PARLEY_DW_LIBRARY} ${PARLEY_ELF_LIBRARY})

# Code that nobody waits for: to optimise it takes longer than it runs, and it only is in what is shipped.
set(parley_cold_options $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-O1>)
if(PARLEY_SANITIZERS OR PARLEY_MUTANTS)
    set(parley_cold_options -O0)
endif()

# The part of the checker that reads pages and writes reports: all but what a search runs.
set(searched conformance coverage explore fairness liveness memory_log merge numbered_symmetry
             numbered_system orbits page_graph page_system record run snapshot state_space state_store
             thread_team transcript transition_system walk)
get_target_property(reading parley_checker SOURCES)
list(JOIN searched "|" searched)
list(FILTER reading EXCLUDE REGEX "/(${searched})\\.cpp$")
get_target_property(sources parley_checker SOURCES)
list(REMOVE_ITEM sources ${reading})
set_property(TARGET parley_checker PROPERTY SOURCES ${sources})
set_property(SOURCE ${PROJECT_SOURCE_DIR}/checker/version.cpp
             PROPERTY COMPILE_DEFINITIONS PARLEY_VERSION="${PROJECT_VERSION}")
file(GLOB render CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/checker/render/*.cpp)
set(explorer ${PROJECT_SOURCE_DIR}/checker/render/explorer.html)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${explorer})
file(READ ${explorer} explorer_html)
configure_file(${PROJECT_SOURCE_DIR}/checker/render/explorer_html.cpp.in explorer_html.cpp @ONLY)
add_library(parley_texts OBJECT ${reading} ${render} ${PROJECT_BINARY_DIR}/explorer_html.cpp)
target_link_libraries(parley_texts PRIVATE parley_headers fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11
                                            md4c::md4c)
target_compile_options(parley_texts PRIVATE ${parley_cold_options})
parley_precompile(parley_texts parley_texts)
target_sources(parley_checker PRIVATE $<TARGET_OBJECTS:parley_texts>)
parley_library(parley_stress stress)
target_link_libraries(parley_stress PUBLIC parley_checker)
# Only programs with a catalog can link them, and their neighbours are for tests as well.
set_property(SOURCE ${PROJECT_SOURCE_DIR}/stress/harness.cpp
                    ${PROJECT_SOURCE_DIR}/checker/rc11/compiled/harness.cpp
             PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
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
endif()
if(PARLEY_HAS_MODEL_CHECK)
    # Names of variables in the programs under check.
    parley_library(parley_rc11_names checker/rc11/names)
    target_link_libraries(parley_rc11_names PUBLIC parley_checker ${PARLEY_DW_LIBRARY})
    parley_library(parley_rc11_runtime checker/rc11/runtime)
    # Its sources have names of the C library, each for itself.
    set_property(TARGET parley_rc11_runtime PROPERTY UNITY_BUILD OFF)
    target_link_libraries(parley_rc11_runtime PUBLIC parley_rc11 parley_rc11_fiber
                                                     parley_rc11_names ${CMAKE_DL_LIBS})
    parley_library(parley_rc11_compiled checker/rc11/compiled)
    target_link_libraries(parley_rc11_compiled PUBLIC parley_rc11_protocol parley_rc11_runtime)
endif()
parley_library(parley_cli checker/cli COMPILED_AS parley_texts)
find_path(PARLEY_HTTPLIB_INCLUDE httplib.h REQUIRED)
find_library(PARLEY_HTTPLIB_LIBRARY cpp-httplib REQUIRED)
mark_as_advanced(PARLEY_HTTPLIB_INCLUDE PARLEY_HTTPLIB_LIBRARY)
target_link_libraries(parley_cli PUBLIC parley_stress parley_rc11
                                 PRIVATE CLI11::CLI11 ${PARLEY_HTTPLIB_LIBRARY})
target_compile_options(parley_cli PRIVATE ${parley_cold_options})

if(PARLEY_HAS_RELACY)
    parley_library(parley_relacy checker/relacy)
    target_link_libraries(parley_relacy PUBLIC parley_checker)
endif()

# ThreadSanitizer calls back into the first of these files, which must not be instrumented itself, and
# the second one is not to be seen by it.
foreach(file IN ITEMS stress/tsan_hook.cpp stress/fibers/party_fibers.cpp)
    if(PARLEY_HAS_TSAN)
        set_property(SOURCE ${PROJECT_SOURCE_DIR}/${file} PROPERTY COMPILE_OPTIONS -fno-sanitize=thread)
        set_property(SOURCE ${PROJECT_SOURCE_DIR}/${file} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
    endif()
endforeach()

# parley_add_fibers(<target>): the engine on fibers, in a library of a program under ThreadSanitizer. The
# linker sends all atomic operations of the program to a file for each size, where a fiber may give way.
function(parley_add_fibers target)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/stress/fibers/*.cpp)
    set(wrapped sched_yield __tsan_atomic_thread_fence)
    foreach(bits IN ITEMS 8 16 32 64)
        set(source ${PROJECT_BINARY_DIR}/generated/switch_points_${bits}.cpp)
        configure_file(${PROJECT_SOURCE_DIR}/cmake/switch_points.cpp.in ${source} @ONLY)
        set_property(SOURCE ${source} PROPERTY COMPILE_OPTIONS -fno-sanitize=thread)
        set_property(SOURCE ${source} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
        list(APPEND sources ${source})
        foreach(operation IN ITEMS load store exchange fetch_add fetch_sub fetch_and fetch_or fetch_xor
                                   fetch_nand compare_exchange_strong compare_exchange_weak
                                   compare_exchange_val)
            list(APPEND wrapped __tsan_atomic${bits}_${operation})
        endforeach()
    endforeach()
    target_sources(${target} PRIVATE ${sources})
    target_compile_definitions(${target} PRIVATE PARLEY_HAS_FIBERS=1)
    target_link_libraries(${target} PUBLIC ${PARLEY_BOOST_CONTEXT})
    list(TRANSFORM wrapped PREPEND "LINKER:--wrap=")
    target_link_options(${target} PUBLIC ${wrapped})
endfunction()

# The same harness under ThreadSanitizer: every other source of it is instrumented. The checker is not: it
# runs in one thread, before and after the others. The linker takes the first of several definitions of a
# function, so what the program instantiates is instrumented, even if the checker has it as well.
if(PARLEY_HAS_TSAN)
    parley_library(parley_stress_tsan stress COMPILED_AS parley_stress_tsan)
    # Its sources are in compile_commands.json already.
    set_property(TARGET parley_stress_tsan PROPERTY EXPORT_COMPILE_COMMANDS OFF)
    target_link_libraries(parley_stress_tsan PUBLIC parley_checker)
    target_compile_options(parley_stress_tsan PUBLIC -fsanitize=thread)
    target_link_options(parley_stress_tsan PUBLIC -fsanitize=thread)
endif()
set(PARLEY_HAS_FIBERS OFF)
if(PARLEY_BOOST_CONTEXT AND PARLEY_HAS_TSAN)
    set(PARLEY_HAS_FIBERS ON)
    parley_add_fibers(parley_stress_tsan)
    # For parley_add_command() in a project that finds the package.
    set_target_properties(parley_stress_tsan PROPERTIES PARLEY_FIBERS ON EXPORT_PROPERTIES PARLEY_FIBERS)
    set_property(SOURCE ${PROJECT_SOURCE_DIR}/checker/cli/stress_engine.cpp
                 APPEND PROPERTY COMPILE_DEFINITIONS PARLEY_HAS_FIBERS=1)
endif()
