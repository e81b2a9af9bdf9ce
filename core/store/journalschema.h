#pragma once

#include "core/store/database.h"

namespace redrive::store {

/// Of `<cluster id>.db`. A change is a new step behind the others, never in them.
Schema journalSchema();

} // namespace redrive::store
