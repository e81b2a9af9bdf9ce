#pragma once

#include <QIcon>
#include <QString>

namespace redrive::ui::theme {

/// An icon of our own set (resources/icons/NAME.svg), drawn in the palette's text colour, at any
/// scale; it follows the palette when that is switched.
QIcon icon(const QString &name);

} // namespace redrive::ui::theme
