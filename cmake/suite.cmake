# The presets of PARLEY_SUITE, each configured and built in its own folder, one after the other, and
# one CTest over all of them: `cmake --workflow --preset ci`.

enable_testing()

set(before)
set(folders)
foreach(preset IN LISTS PARLEY_SUITE)
    cmake_path(GET PROJECT_BINARY_DIR PARENT_PATH folder)
    set(folder ${folder}/${preset})
    add_custom_command(
        OUTPUT ${folder}/build.ninja
        COMMAND ${CMAKE_COMMAND} --preset ${preset}
        COMMAND ${CMAKE_COMMAND} -E touch ${folder}/build.ninja
        DEPENDS ${PROJECT_SOURCE_DIR}/CMakePresets.json
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        COMMENT "Configuring ${preset}"
        VERBATIM)
    add_custom_target(
        ${preset} ALL
        COMMAND ${CMAKE_COMMAND} -E env "NINJA_STATUS=[%f/%t] ${preset}: " ${CMAKE_COMMAND}
                --build ${folder}
        DEPENDS ${folder}/build.ninja
        COMMENT "Building ${preset}"
        USES_TERMINAL VERBATIM)
    if(before)
        add_dependencies(${preset} ${before})
    endif()
    set(before ${preset})
    string(APPEND folders "subdirs([==[${folder}]==])\n")
endforeach()

file(WRITE ${PROJECT_BINARY_DIR}/folders.cmake "${folders}")
set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/folders.cmake)
