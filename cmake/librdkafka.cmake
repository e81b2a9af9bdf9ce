# RdKafka::rdkafka: librdkafka 2.15.0 or newer. The system's where it is new enough, else the static one that
# scripts/setup keeps in the cache; with REDRIVE_TSAN always the one built with ThreadSanitizer there.
# Its headers are system headers: they do not pass our warnings.

set(REDRIVE_RDKAFKA_OLDEST 2.15.0)

if(DEFINED ENV{REDRIVE_CACHE})
    set(rdkafka_cache "$ENV{REDRIVE_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(rdkafka_cache "$ENV{XDG_CACHE_HOME}/redrive")
else()
    set(rdkafka_cache "$ENV{HOME}/.cache/redrive")
endif()

# Links a librdkafka.a with what it was built with: not by `pkg-config --static`, which would ask for the
# private libraries of libcurl, too.
function(redrive_static_rdkafka link)
    get_filename_component(prefix "${rdkafka_cache}/librdkafka/${link}" REALPATH)
    if(NOT EXISTS "${prefix}/lib/librdkafka.a")
        message(FATAL_ERROR "There is no librdkafka ${REDRIVE_RDKAFKA_OLDEST} or newer. "
            "Run scripts/setup${ARGN}, which builds one.")
    endif()
    find_package(Threads REQUIRED)
    find_package(OpenSSL REQUIRED)
    find_package(ZLIB REQUIRED)
    find_package(CURL REQUIRED)
    set(libraries OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB CURL::libcurl)
    foreach(name zstd lz4 sasl2)
        find_library(RDKAFKA_${name}_LIBRARY ${name} REQUIRED)
        mark_as_advanced(RDKAFKA_${name}_LIBRARY)
        list(APPEND libraries "${RDKAFKA_${name}_LIBRARY}")
    endforeach()
    add_library(RdKafka::rdkafka STATIC IMPORTED GLOBAL)
    set_target_properties(RdKafka::rdkafka PROPERTIES
        IMPORTED_LOCATION "${prefix}/lib/librdkafka.a"
        INTERFACE_INCLUDE_DIRECTORIES "${prefix}/include"
        INTERFACE_LINK_LIBRARIES "${libraries};Threads::Threads;${CMAKE_DL_LIBS};m")
    message(STATUS "librdkafka: ${prefix}")
endfunction()

if(REDRIVE_TSAN)
    redrive_static_rdkafka(current-tsan " --tsan")
else()
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
        pkg_check_modules(RDKAFKA QUIET IMPORTED_TARGET GLOBAL "rdkafka>=${REDRIVE_RDKAFKA_OLDEST}")
    endif()
    if(RDKAFKA_FOUND)
        add_library(RdKafka::rdkafka ALIAS PkgConfig::RDKAFKA)
        message(STATUS "librdkafka: the system's ${RDKAFKA_VERSION}")
    else()
        redrive_static_rdkafka(current)
    endif()
endif()
