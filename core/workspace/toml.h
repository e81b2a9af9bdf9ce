#pragma once

// toml++ 3.3 asserts that a table's name begins like one, and reports `[=` as the error that it is
// only where assertions are off. What is in a file is no bug of ours, so they are off here.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>
