# parley_add_checks(<command> [PROTOCOLS <protocol>...] [ENGINES <engine>...] [SECONDS <n>])
#
# Adds a test to CTest for each protocol and engine of a command that parley_add_command() has made, in
# the folder that calls it: all of them, or those that are named. A test is called
# <command>.<protocol>.<engine>; its labels are `parley`, the engine and, where the engine sees data
# races (relacy, rc11, tsan, fibers), `race`. SECONDS is for what samples (10): a test has six times
# that and a minute more before CTest ends it. A check that is undecided fails, as one that finds
# something does.
function(parley_add_checks command)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SECONDS" "PROTOCOLS;ENGINES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "parley_add_checks(${command}): what is ${arg_UNPARSED_ARGUMENTS}?")
    endif()
    if(NOT arg_SECONDS)
        set(arg_SECONDS 10)
    endif()
    foreach(kind IN ITEMS PROTOCOLS ENGINES)
        get_target_property(there ${command} PARLEY_${kind})
        if(NOT there)
            message(FATAL_ERROR "parley_add_checks(${command}): no command of parley_add_command()")
        endif()
        if(NOT arg_${kind})
            set(arg_${kind} ${there})
        endif()
        foreach(each IN LISTS arg_${kind})
            if(NOT each IN_LIST there)
                string(TOLOWER ${kind} kind)
                list(JOIN there ", " there)
                message(FATAL_ERROR "parley_add_checks(${command}): there is no ${each} among its ${kind}: ${there}")
            endif()
        endforeach()
    endforeach()
    math(EXPR timeout "6 * ${arg_SECONDS} + 60")
    foreach(protocol IN LISTS arg_PROTOCOLS)
        foreach(engine IN LISTS arg_ENGINES)
            set(labels parley ${engine})
            if(engine MATCHES "^(relacy|rc11|tsan|fibers)$")
                list(APPEND labels race)
            endif()
            set(processors 1)
            if(engine MATCHES "^(stress|tsan)$")
                set(processors 2)
            endif()
            add_test(NAME ${command}.${protocol}.${engine}
                     COMMAND ${command} check ${protocol} --engine ${engine} --seconds ${arg_SECONDS})
            set_tests_properties(
                ${command}.${protocol}.${engine}
                PROPERTIES LABELS "${labels}" PROCESSORS ${processors} TIMEOUT ${timeout})
        endforeach()
    endforeach()
endfunction()
