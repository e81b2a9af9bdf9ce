#pragma once

#include <QStringList>

class QLineEdit;

namespace redrive::ui {

enum class Completes
{
    Whole, ///< the field holds one name
    Last,  ///< names separated by commas: the last of them
};

/// Offers names that contain what was typed. Called again, it offers others; an open list stays as
/// it is.
void complete(QLineEdit *field, const QStringList &names, Completes what);

} // namespace redrive::ui
