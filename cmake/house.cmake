# What every target of the house shares: the language, the warnings, the sanitizers.
add_library(redrive_house INTERFACE)
target_compile_features(redrive_house INTERFACE cxx_std_20)
target_include_directories(redrive_house INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(redrive_house INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Woverloaded-virtual -Wnon-virtual-dtor
    -Wcast-qual -Wconversion -Wno-sign-conversion
    $<$<BOOL:${REDRIVE_WERROR}>:-Werror>)
target_compile_definitions(redrive_house INTERFACE
    REDRIVE_VERSION="${PROJECT_VERSION}" REDRIVE_BUILD_TYPE="${CMAKE_BUILD_TYPE}")
find_package(Threads REQUIRED)
target_link_libraries(redrive_house INTERFACE Threads::Threads)

if(REDRIVE_ASAN)
    add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=address,undefined)
elseif(REDRIVE_TSAN)
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
endif()
if(NOT REDRIVE_ASAN AND NOT REDRIVE_TSAN AND CMAKE_BUILD_TYPE MATCHES "Rel")
    add_compile_options(-fstack-protector-strong -D_FORTIFY_SOURCE=2)
    add_link_options(-Wl,-z,relro,-z,now)
endif()

# redrive_room(name SOURCES… USES rooms… LINKS private libraries…): one room of core, a static library that
# links only the rooms it may use. A room that reaches further does not link.
function(redrive_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINKS" ${ARGN})
    add_library(redrive_${name} STATIC ${ROOM_SOURCES})
    add_library(redrive::${name} ALIAS redrive_${name})
    target_link_libraries(redrive_${name} PUBLIC redrive_house)
    foreach(room IN LISTS ROOM_USES)
        target_link_libraries(redrive_${name} PUBLIC redrive::${room})
    endforeach()
    target_link_libraries(redrive_${name} PRIVATE ${ROOM_LINKS})
endfunction()

# Qt 6.4's moc does not expand this macro of libstdc++ in a file whose first header is <compare>.
set(CMAKE_AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_VISIBILITY=")
