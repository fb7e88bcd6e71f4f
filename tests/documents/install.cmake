# cmake -DSOURCE=<tests/documents> -DFOLDER=<folder> -P install.cmake
#
# Installs what package-lock.json names into FOLDER, unless that has been done, and copies the scripts
# there: a module finds its packages beside itself.

file(SHA256 ${SOURCE}/package-lock.json wanted)
set(stamp ${FOLDER}/installed)
set(installed "")
if(EXISTS ${stamp})
    file(READ ${stamp} installed)
endif()
file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/explorer.mjs ${SOURCE}/parse.mjs
     ${SOURCE}/sarif.sh ${SOURCE}/schema.mjs ${SOURCE}/workflows.mjs ${SOURCE}/xml.mjs
     DESTINATION ${FOLDER})
if(installed STREQUAL wanted)
    return()
endif()
execute_process(COMMAND npm ci --no-audit --no-fund --ignore-scripts
                WORKING_DIRECTORY ${FOLDER}
                COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${stamp} ${wanted})
