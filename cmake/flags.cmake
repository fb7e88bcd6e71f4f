# How our own code is compiled: the target `parley_flags`, and the include folder that makes
# "parley/..." mean the source folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

set(PARLEY_PRESET "custom" CACHE STRING "Name of this build in the names of its tests")
set(PARLEY_SANITIZERS "" CACHE STRING "Sanitizers for everything, as in -fsanitize=")

find_package(Threads REQUIRED)

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include/parley SYMBOLIC)

add_library(parley_headers INTERFACE)
target_include_directories(parley_headers INTERFACE ${PROJECT_BINARY_DIR}/include)
target_compile_features(parley_headers INTERFACE cxx_std_20)
target_link_libraries(parley_headers INTERFACE Threads::Threads)

add_library(parley_flags INTERFACE)
target_link_libraries(parley_flags INTERFACE parley_headers)
target_compile_options(
    parley_flags
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wshadow
              -Wconversion
              # g++ 12 warns of library code that it has inlined itself (GCC bugs 105329 and 105651).
              $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
              $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
              # Source files in traces are named from the root of the repository. The build folder is
              # below it: of two prefixes that fit clang takes the first, g++ the last.
              -fmacro-prefix-map=$<IF:$<CXX_COMPILER_ID:GNU>,${PROJECT_SOURCE_DIR},${PROJECT_BINARY_DIR}/include/parley>/=
              -fmacro-prefix-map=$<IF:$<CXX_COMPILER_ID:GNU>,${PROJECT_BINARY_DIR}/include/parley,${PROJECT_SOURCE_DIR}>/=)

if(PARLEY_SANITIZERS)
    add_compile_options(-fsanitize=${PARLEY_SANITIZERS} -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PARLEY_SANITIZERS})
endif()
