# parley_add_model_check(<name> SOURCES <file>... [LIBRARIES <target>...])
#
# Adds the executable <name>: code under check and whatever calls parley::rc11::verify() on it,
# instrumented for ThreadSanitizer and linked to the engine's runtime in its place. Its main function
# may come from a library, a static one: of a function that several objects have the first is linked,
# which has to be an instrumented one.
#
# Instrumentation does not see assembly. Clang refuses it, unless the target has the property
# PARLEY_ALLOWS_ASSEMBLY: then it is up to you that it touches nothing that threads share. g++ cannot.
function(parley_add_model_check name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    if(NOT TARGET parley::rc11_runtime)
        message(FATAL_ERROR "parley_add_model_check(${name}): engine rc11 needs Boost.Context, "
                            "x86-64 and a build without sanitizers.")
    endif()
    add_executable(${name} ${arg_SOURCES})
    parley_instrument(${name})
    target_compile_options(${name}
                           PRIVATE "SHELL:-include parley/checker/rc11/runtime/instrumentation.hpp")
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} parley::rc11_runtime)
endfunction()

# parley_instrument(<target>): the runtime sees what its code does. Whatever is included first is to be
# parley/checker/rc11/runtime/instrumentation.hpp.
function(parley_instrument target)
    set(clang $<CXX_COMPILER_ID:Clang>)
    set(texts strcpy stpcpy strncpy stpncpy strcat strncat strdup strndup strnlen strcmp strncmp strchr
              strrchr strstr memchr snprintf vsnprintf sprintf vsprintf)
    list(TRANSFORM texts PREPEND -fno-builtin-)
    set(forbids_assembly $<NOT:$<BOOL:$<TARGET_PROPERTY:PARLEY_ALLOWS_ASSEMBLY>>>)
    target_compile_options(
        ${target}
        PRIVATE -fsanitize=thread
                # For the names of variables in counterexamples.
                -g2
                # What the runtime stands in for is called, and not made into something else.
                -fno-builtin-memcmp
                -fno-builtin-strlen
                ${texts}
                # A function that returns says where its objects on the stack end.
                -fno-omit-frame-pointer
                # Nor is a stack that is full passed over.
                -fstack-clash-protection
                # Why: see the functions that this calls, in the runtime.
                $<${clang}:-fsanitize-coverage=func,trace-loads,trace-stores>
                $<$<AND:${clang},${forbids_assembly}>:-fno-gnu-inline-asm>)
    # No two variables of a function share memory: a piece of its frame has one name. Of what escapes
    # by a store clang would say where it is for a while only; this has no effect on its code.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -fstack-reuse=none)
    else()
        target_compile_options(${target} PRIVATE "SHELL:-mllvm -no-stack-coloring"
                                                 "SHELL:-mllvm -instcombine-lower-dbg-declare=0"
                                                 "SHELL:-Xclang -fexperimental-assignment-tracking=disabled")
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ shows no copy that it makes of a call or a loop, would say that a function returns when
        # it has, by a jump, and warns of fences, which we see.
        target_compile_options(
            ${target} PRIVATE -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
                              -fno-tree-loop-distribute-patterns -fno-optimize-sibling-calls -Wno-tsan)
    endif()
endfunction()
