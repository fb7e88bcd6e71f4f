# cmake -DFROM=<package|subdirectory|fetch> -DSOURCE=<Parley's sources> -DPARLEY=<the command>
#       -DFOLDER=<folder> [-DPREFIX=<where the package is>] -P consume.cmake
#
# A user's way, from a page to checks in a project of their own: `parley new`, CMake, CTest.

function(run)
    execute_process(COMMAND ${ARGV} WORKING_DIRECTORY ${FOLDER} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# expect(<exit code: 0 or not> <text> <command>...): it ends so and says so.
function(expect code text)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${FOLDER}
                    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    message("${output}")
    if((code EQUAL 0 AND NOT result EQUAL 0) OR (NOT code EQUAL 0 AND result EQUAL 0))
        message(FATAL_ERROR "${ARGN}: exit code ${result}, expected ${code}")
    endif()
    if(NOT output MATCHES "${text}")
        message(FATAL_ERROR "${ARGN}: did not say: ${text}")
    endif()
endfunction()

# As ./parley compiles.
set(ENV{GLIBC_TUNABLES} glibc.malloc.hugetlb=1)

file(REMOVE_RECURSE ${FOLDER})
file(COPY ${CMAKE_CURRENT_LIST_DIR}/consumer/ DESTINATION ${FOLDER})
run(${PARLEY} new ${SOURCE}/tests/skeletons/specs/greeting.md --into ${FOLDER})

set(from ${SOURCE})
if(FROM STREQUAL "fetch")
    set(from ${FOLDER}/parley.tar.gz)
    execute_process(COMMAND ${CMAKE_COMMAND} -E tar czf ${from} CMakeLists.txt LICENSE README.md cmake protocols
                            specs checker stress
                    WORKING_DIRECTORY ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
endif()
run(${CMAKE_COMMAND} -G Ninja -B build -DPARLEY_FROM=${FROM} -DPARLEY_SOURCE=${from}
    -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=50)

# Production code needs the headers alone.
run(${CMAKE_COMMAND} --build build --target app)
expect(0 "greeted" build/app)
if(FROM STREQUAL "fetch")
    expect(0 "Test #1: checks.greeting.explore" ctest --test-dir build -N)
    return()
endif()

run(${CMAKE_COMMAND} --build build --target checks-command)
expect(0 "1/1 Test #1: checks.greeting.explore .* Passed" ctest --test-dir build -L explore)
if(FROM STREQUAL "package")
    expect(0 "100% tests passed, 0 tests failed out of 5.*race *= .*5 tests" ctest --test-dir build -L race)
    expect(0 "100% tests passed, 0 tests failed out of 1" ctest --test-dir build -L stress)
endif()

# A role that does what its page does not allow fails, in the user's project as in this one.
file(READ ${FOLDER}/protocols/greeting.hpp role)
string(REPLACE "state == State::silent || state == State::heard" "true" broken "${role}")
if(broken STREQUAL role)
    message(FATAL_ERROR "nothing was broken")
endif()
file(WRITE ${FOLDER}/protocols/greeting.hpp "${broken}")
run(${CMAKE_COMMAND} --build build --target checks)
expect(1 "conformance: .*specs/greeting.md:.*0% tests passed, 1 tests failed"
       ctest --test-dir build -L explore --output-on-failure)

if(FROM STREQUAL "package")
    # The bug is pinned: the test fails as long as it is there.
    expect(1 "conformance" build/checks check greeting --engine explore --json t.json)
    run(build/checks regress t.json --into regression_test.cpp)
    run(${CMAKE_COMMAND} -B build)
    run(${CMAKE_COMMAND} --build build --target regression)
    expect(1 "conformance.*1 failed" build/regression)
    file(WRITE ${FOLDER}/protocols/greeting.hpp "${role}")
    run(${CMAKE_COMMAND} --build build --target regression)
    expect(0 "All tests passed" build/regression)
endif()
