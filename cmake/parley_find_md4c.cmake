# The imported target md4c::md4c: Debian's md4cConfig.cmake wants a library that its package does not
# depend on.
if(NOT TARGET md4c::md4c)
    find_path(PARLEY_MD4C_INCLUDE md4c.h REQUIRED)
    find_library(PARLEY_MD4C_LIBRARY md4c REQUIRED)
    mark_as_advanced(PARLEY_MD4C_INCLUDE PARLEY_MD4C_LIBRARY)
    add_library(md4c::md4c INTERFACE IMPORTED GLOBAL)
    target_include_directories(md4c::md4c INTERFACE ${PARLEY_MD4C_INCLUDE})
    target_link_libraries(md4c::md4c INTERFACE ${PARLEY_MD4C_LIBRARY})
endif()
