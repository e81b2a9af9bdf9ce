#pragma once

namespace redrive::unicode {

/// Nothing to see on its own, or something that reorders its neighbours: controls, format,
/// bidirectional and zero-width characters, variation selectors, tags, fillers, blanks other than
/// U+0020, private use and noncharacters. Arabic and Kaithi number signs are format characters that
/// are drawn, so they are not in it.
bool isHidden(char32_t codePoint) noexcept;

/// Nonspacing and enclosing marks (Mn, Me of Unicode 14), which are drawn over what is before them.
bool isCombiningMark(char32_t codePoint) noexcept;

} // namespace redrive::unicode
