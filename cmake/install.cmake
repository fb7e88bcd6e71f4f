# What `cmake --install` and `cpack -G DEB` give to others: the headers, the libraries of the checkers,
# the functions for CMake, and the command with the shipped protocols.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/parley)
foreach(folder IN ITEMS protocols specs checker stress)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/parley
            FILES_MATCHING PATTERN *.hpp)
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/specs DESTINATION ${CMAKE_INSTALL_DOCDIR}
        FILES_MATCHING PATTERN *.md)
install(FILES LICENSE README.md checker/trace.schema.json DESTINATION ${CMAKE_INSTALL_DOCDIR})

get_property(exported GLOBAL PROPERTY PARLEY_EXPORTED)
install(TARGETS ${exported} EXPORT parley ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT parley NAMESPACE parley:: FILE parley-targets.cmake DESTINATION ${package_dir})
file(GLOB functions ${PROJECT_SOURCE_DIR}/cmake/parley_*.cmake ${PROJECT_SOURCE_DIR}/cmake/*.cpp.in)
install(FILES ${functions} DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/parley-config.cmake.in parley-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(parley-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/parley-config.cmake
              ${PROJECT_BINARY_DIR}/parley-config-version.cmake DESTINATION ${package_dir})
configure_file(${PROJECT_SOURCE_DIR}/cmake/parley.pc.in parley.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/parley.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)

foreach(program IN ITEMS parley parley-rc11 parley-stress parley-stress-tsan)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()

# The manual page and completions, from the command's own parser.
set(manual ${PROJECT_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${manual})
add_custom_command(
    OUTPUT ${manual}/parley.1 ${manual}/parley.bash ${manual}/_parley ${manual}/parley.fish
    COMMAND parley man >${manual}/parley.1
    COMMAND parley completion bash >${manual}/parley.bash
    COMMAND parley completion zsh >${manual}/_parley
    COMMAND parley completion fish >${manual}/parley.fish
    DEPENDS parley)
add_custom_target(parley-manual ALL DEPENDS ${manual}/parley.1)
install(FILES ${manual}/parley.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
set(share ${CMAKE_INSTALL_DATADIR})
install(FILES ${manual}/parley.bash DESTINATION ${share}/bash-completion/completions RENAME parley)
install(FILES ${manual}/_parley DESTINATION ${share}/zsh/vendor-completions)
install(FILES ${manual}/parley.fish DESTINATION ${share}/fish/vendor_completions.d)

# Packing does not build: benchmarks and tests are no part of it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The authors of Parley")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# What the headers include and the libraries are linked with; the libraries come with their -dev packages.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libstdc++6, libfmt-dev, libcli11-dev, nlohmann-json3-dev, \
libmd4c-dev, libcpp-httplib-dev, libboost-context-dev, libdw-dev, relacy-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang-19, libclang-rt-19-dev, cmake")
include(CPack)
