# parley_add_protocol(<name>)
#
# Makes protocols/<name>.hpp and specs/<name>.hpp, both below the calling CMakeLists.txt, part of the
# commands that parley_add_command() adds. One of the two without the other is an error.
function(parley_add_protocol name)
    foreach(file IN ITEMS protocols/${name}.hpp specs/${name}.hpp)
        if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
            message(FATAL_ERROR "Protocol ${name}: there is no ${file}. "
                                "A protocol is protocols/${name}.hpp and specs/${name}.hpp.")
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY PARLEY_PROTOCOLS ${name})
endfunction()

# parley_generate_entries(<target> <engine>...)
#
# Adds one small source for each engine and protocol to a target, so that they compile side by side,
# and the catalog that lists them.
function(parley_generate_entries target)
    get_property(protocols GLOBAL PROPERTY PARLEY_PROTOCOLS)
    set(folder ${PROJECT_BINARY_DIR}/generated)
    set(spec_includes "")
    set(entry_declarations "")
    set(catalog_entries "")
    foreach(protocol IN LISTS protocols)
        set(calls "")
        foreach(engine IN LISTS ARGN)
            configure_file(${PROJECT_SOURCE_DIR}/cmake/${engine}.cpp.in
                           ${folder}/${engine}_${protocol}.cpp @ONLY)
            target_sources(${target} PRIVATE ${folder}/${engine}_${protocol}.cpp)
            string(APPEND entry_declarations "EngineEntry ${engine}_${protocol}();\n")
            list(APPEND calls "${engine}_${protocol}()")
        endforeach()
        list(JOIN calls ", " calls)
        string(APPEND spec_includes "#include \"parley/specs/${protocol}.hpp\"\n")
        string(APPEND catalog_entries
               "        protocol_entry<specs::${protocol}::Original<specs::model::CheckPlatform>>(\n"
               "            \"${protocol}\", specs::${protocol}::summary, {${calls}}),\n")
    endforeach()
    configure_file(${PROJECT_SOURCE_DIR}/cmake/catalog.cpp.in ${folder}/${target}.cpp @ONLY)
    target_sources(${target} PRIVATE ${folder}/${target}.cpp)
endfunction()

# parley_add_command(<name>)
#
# Adds the executable <name>, which checks the protocols that have been added so far, and beside it
# <name>-stress and, when the compiler is clang and nothing is sanitized, <name>-stress-tsan, which
# it starts for its stress engine. The target <name>-command builds all of them.
function(parley_add_command name)
    set(engines explore)
    if(PARLEY_HAS_RELACY)
        list(APPEND engines relacy)
    endif()
    add_library(${name}_catalog STATIC)
    target_link_libraries(${name}_catalog PUBLIC parley_checker)
    parley_generate_entries(${name}_catalog ${engines})
    if(PARLEY_HAS_RELACY)
        target_link_libraries(${name}_catalog PUBLIC parley_relacy)
    endif()

    add_executable(${name} ${PROJECT_SOURCE_DIR}/checker/cli/main.cpp)
    target_link_libraries(${name} PRIVATE parley_cli ${name}_catalog)

    add_executable(${name}-stress ${PROJECT_SOURCE_DIR}/stress/main.cpp)
    target_link_libraries(${name}-stress PRIVATE parley_stress)
    parley_generate_entries(${name}-stress stress)
    add_custom_target(${name}-command DEPENDS ${name} ${name}-stress)

    if(PARLEY_HAS_TSAN)
        add_executable(${name}-stress-tsan ${PROJECT_SOURCE_DIR}/stress/main.cpp)
        target_link_libraries(${name}-stress-tsan PRIVATE parley_stress_tsan)
        parley_generate_entries(${name}-stress-tsan stress)
        add_dependencies(${name}-command ${name}-stress-tsan)
    endif()
endfunction()
