# parley_add_model_check(<name> SOURCES <file>... [LIBRARIES <target>...])
#
# Adds the executable <name>: code under check and whatever calls parley::rc11::verify() on it,
# instrumented for ThreadSanitizer and linked to the engine's runtime in its place. Its main function
# may come from a library, a static one: of a function that several objects have the first is linked,
# which has to be an instrumented one.
function(parley_add_model_check name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    if(NOT TARGET parley_rc11_runtime)
        message(FATAL_ERROR "parley_add_model_check(${name}): engine rc11 needs Boost.Context, "
                            "x86-64 and a build without sanitizers.")
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_compile_options(
        ${name}
        PRIVATE -fsanitize=thread
                "SHELL:-include parley/checker/rc11/runtime/instrumentation.hpp"
                # A function that returns says where its objects on the stack end.
                -fno-omit-frame-pointer
                # See the functions that this calls, in the runtime.
                $<$<CXX_COMPILER_ID:Clang>:-fsanitize-coverage=func,trace-loads,trace-stores>
                ${parley_instrumentation_gcc})
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} parley_rc11_runtime)
endfunction()
