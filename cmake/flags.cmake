# How our own code is compiled, and the include folder that makes "parley/..." mean the source folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

set(PARLEY_PRESET "custom" CACHE STRING "Name of this build in the names of its tests")
set(PARLEY_SANITIZERS "" CACHE STRING "Sanitizers for everything, as in -fsanitize=")

find_package(Threads REQUIRED)

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include/parley SYMBOLIC)

# The headers, for production code that sends and receives. Source files in traces are named from the
# root of the repository. The build folder is below it: of two prefixes that fit clang takes the first,
# g++ the last.
add_library(parley_headers INTERFACE)
set(prefix_maps -fmacro-prefix-map=${PROJECT_BINARY_DIR}/include/parley/=
                -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(REVERSE prefix_maps)
endif()
target_include_directories(
    parley_headers INTERFACE $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                             $<INSTALL_INTERFACE:include>)
target_compile_options(
    parley_headers
    INTERFACE $<BUILD_INTERFACE:${prefix_maps}>
              $<INSTALL_INTERFACE:-fmacro-prefix-map=$<INSTALL_PREFIX>/include/parley/=>)
target_compile_features(parley_headers INTERFACE cxx_std_20)
target_link_libraries(parley_headers INTERFACE Threads::Threads)

# Warnings are for us; a project that Parley is a part of has its own.
if(PROJECT_IS_TOP_LEVEL)
    add_compile_options(
        -Wall
        -Wextra
        -Wpedantic
        -Wconversion
        $<$<STREQUAL:${PARLEY_PRESET},lint>:-Wshadow>
        # g++ 12 warns of library code that it has inlined itself (GCC bugs 105329 and 105651).
        $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
endif()

if(PARLEY_SANITIZERS MATCHES "thread")
    message(FATAL_ERROR "PARLEY_SANITIZERS: ThreadSanitizer is for what has threads, see the preset tsan")
endif()
if(PARLEY_SANITIZERS)
    # What is null, or beyond an object, AddressSanitizer sees when it is used; to look for it before as
    # well takes up to a fifth of the compiler's time.
    add_compile_options(-fsanitize=${PARLEY_SANITIZERS} -fno-sanitize=null,object-size
                        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PARLEY_SANITIZERS})
endif()
