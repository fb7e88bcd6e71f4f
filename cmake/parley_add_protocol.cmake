# parley_add_protocol(<name> [WITHOUT_PAGE])
#
# Makes protocols/<name>.hpp, specs/<name>.hpp and the page specs/<name>.md, all below the calling
# CMakeLists.txt, part of the command that the next parley_add_command() adds. One of them without the
# others is an error. WITHOUT_PAGE: there is no page, and the roles need not conform to one.
function(parley_add_protocol name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "WITHOUT_PAGE" "" "")
    set(files protocols/${name}.hpp specs/${name}.hpp)
    if(NOT arg_WITHOUT_PAGE)
        list(APPEND files specs/${name}.md)
    endif()
    foreach(file IN LISTS files)
        if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
            message(FATAL_ERROR "Protocol ${name}: there is no ${file}. "
                                "A protocol is protocols/${name}.hpp, specs/${name}.hpp and specs/${name}.md.")
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY PARLEY_PROTOCOLS ${name})
    if(arg_WITHOUT_PAGE)
        set_property(GLOBAL APPEND PROPERTY PARLEY_WITHOUT_PAGE ${name})
    endif()
endfunction()

# parley_add_command(<name> [ENGINES <engine>...])
#
# Adds the executable <name>, which checks the protocols that have been added, with explore and with
# those of the engines relacy and stress that this build can have; ENGINES names the ones that the
# protocols are for, explore among them. For stress there are two more programs, which <name> starts:
# <name>-stress and, when the compiler is clang and nothing is sanitized, <name>-stress-tsan. The
# target <name>-command builds all of them.
function(parley_add_command name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ENGINES")
    if(NOT arg_ENGINES)
        set(arg_ENGINES explore relacy stress)
    endif()
    add_library(${name}_catalog STATIC)
    target_link_libraries(${name}_catalog PUBLIC parley_checker)
    set(engines explore)
    if("relacy" IN_LIST arg_ENGINES AND TARGET parley_relacy)
        list(APPEND engines relacy)
        target_link_libraries(${name}_catalog PUBLIC parley_relacy)
    endif()
    parley_generate_entries(${name}_catalog ${engines})
    # What all entries include takes a third of their time to compile.
    target_precompile_headers(${name}_catalog PRIVATE <parley/checker/explore_entry.hpp>)
    add_executable(${name} ${parley_SOURCE_DIR}/checker/cli/main.cpp)
    target_link_libraries(${name} PRIVATE parley_cli ${name}_catalog)
    add_custom_target(${name}-command DEPENDS ${name})

    if("stress" IN_LIST arg_ENGINES)
        parley_add_harness(${name}-stress parley_stress)
        add_dependencies(${name}-command ${name}-stress)
        if(TARGET parley_stress_tsan)
            parley_add_harness(${name}-stress-tsan parley_stress_tsan)
            set_property(TARGET ${name}-stress-tsan PROPERTY EXPORT_COMPILE_COMMANDS OFF)
            add_dependencies(${name}-command ${name}-stress-tsan)
        endif()
    endif()
    set_property(GLOBAL PROPERTY PARLEY_PROTOCOLS)
    set_property(GLOBAL PROPERTY PARLEY_WITHOUT_PAGE)
endfunction()

# parley_add_harness(<name> <library>): the protocols that have been added, on real threads.
function(parley_add_harness name library)
    add_executable(${name} ${parley_SOURCE_DIR}/stress/main.cpp)
    target_link_libraries(${name} PRIVATE ${library} CLI11::CLI11)
    parley_generate_entries(${name} stress)
    target_precompile_headers(${name} PRIVATE <parley/stress/entry.hpp>)
endfunction()

# parley_generate_entries(<target> <engine>...)
#
# Adds to a target one small source for each engine and protocol, so that they compile side by side,
# one for each page, and the catalog that lists them.
function(parley_generate_entries target)
    get_property(protocols GLOBAL PROPERTY PARLEY_PROTOCOLS)
    get_property(without_page GLOBAL PROPERTY PARLEY_WITHOUT_PAGE)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/generated)
    set(templates ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
    set(spec_includes "")
    set(entry_declarations "")
    set(catalog_entries "")
    foreach(protocol IN LISTS protocols)
        set(spec ${CMAKE_CURRENT_SOURCE_DIR}/specs/${protocol}.hpp)
        if(CMAKE_CURRENT_SOURCE_DIR STREQUAL parley_SOURCE_DIR)
            set(spec parley/specs/${protocol}.hpp)
        endif()
        set(file ${CMAKE_CURRENT_SOURCE_DIR}/specs/${protocol}.md)
        set(page_source nullptr)
        if(NOT protocol IN_LIST without_page)
            set(page_source page_${protocol})
            string(APPEND entry_declarations "const specs::model::Page& ${page_source}();\n")
            set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
            file(READ ${file} page)
            configure_file(${templates}/page.cpp.in ${folder}/page_${protocol}.cpp @ONLY)
            target_sources(${target} PRIVATE ${folder}/page_${protocol}.cpp)
        endif()
        set(calls "")
        foreach(engine IN LISTS ARGN)
            set(entry ${folder}/${engine}_${protocol}.cpp)
            configure_file(${templates}/${engine}.cpp.in ${entry} @ONLY)
            target_sources(${target} PRIVATE ${entry})
            string(APPEND entry_declarations "EngineEntry ${engine}_${protocol}();\n")
            list(APPEND calls "${engine}_${protocol}()")
        endforeach()
        list(JOIN calls ", " calls)
        string(APPEND spec_includes "#include \"${spec}\"\n")
        string(APPEND catalog_entries
               "        protocol_entry<specs::${protocol}::Original<specs::model::CheckPlatform>>(\n"
               "            \"${protocol}\", specs::${protocol}::summary, ${page_source}, {${calls}}),\n")
    endforeach()
    configure_file(${templates}/catalog.cpp.in ${folder}/${target}.cpp @ONLY)
    target_sources(${target} PRIVATE ${folder}/${target}.cpp)
endfunction()
