#pragma once

class QStyle;

namespace redrive::ui::theme {

/// Fusion, flattened: thin separators in place of bevels, buttons and fields without gradients, a
/// focus ring in the accent colour. Takes its colours from the tokens at paint time, so switching
/// the palette is enough. The application owns it.
QStyle *makeStyle();

} // namespace redrive::ui::theme
