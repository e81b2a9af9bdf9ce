#pragma once

#include <QString>

#include <optional>

namespace redrive::ui {

/// How well `typed` fits `text`, its letters in order and case aside; higher is better, empty when
/// it does not fit. Runs of letters, beginnings of words and short texts count for more. Nothing
/// typed fits everything alike.
std::optional<int> fuzzyScore(const QString &typed, const QString &text);

} // namespace redrive::ui
