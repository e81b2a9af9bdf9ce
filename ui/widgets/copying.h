#pragma once

#include "core/workspace/profile.h"

#include <QAbstractItemModel>
#include <QList>
#include <QString>
#include <QStringList>

#include <string>

namespace redrive::ui {

/// Rows and columns of a table, as they are shown, for the clipboard or a file. Unknown is an empty
/// cell, or null in JSON; numbers are plain digits; text is as Kafka has it, with control
/// characters made visible where a line or cell would break.
struct Selection
{
    const QAbstractItemModel *model = nullptr;
    QList<int> rows;
    QList<int> columns;
};

QString toTsv(const Selection &selection);
/// Comma separated, quoted where needed. A cell that a spreadsheet would run as a formula gets an
/// apostrophe in front.
QString toCsv(const Selection &selection);
/// An array of objects, one a row, with the columns' stable keys.
QString toJson(const Selection &selection);

/// A word for a POSIX shell: bare where that is safe, in single quotes, or as $'…' where it has
/// control characters.
QString shellQuoted(const std::string &word);

/// What redrivectl is given to reach the same cluster: `--profile NAME` of one that is stored, else
/// `--bootstrap …` with a `-X` for each property that can be said there. A secret in the keychain
/// cannot.
QStringList reachOptions(const workspace::Profile &profile, bool stored);

/// "redrivectl --profile payments-eu groups describe billing"
QString describeCommand(const QStringList &reach, const std::string &group);

} // namespace redrive::ui
