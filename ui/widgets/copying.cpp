#include "ui/widgets/copying.h"

#include "ui/format/format.h"
#include "ui/models/tablemodel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <string_view>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QVariant raw(const Selection &selection, int row, int column)
{
    return selection.model->index(row, column).data(RawRole);
}

QString title(const Selection &selection, int column, int role)
{
    return selection.model->headerData(column, Qt::Horizontal, role).toString();
}

bool isText(const QVariant &value)
{
    return value.typeId() == QMetaType::QString;
}

QString plain(const QVariant &value)
{
    return isText(value) ? foreign(value.toString().toStdString()) : value.toString();
}

QString csvCell(const QVariant &value)
{
    QString cell = plain(value);
    if (isText(value) && !cell.isEmpty() && u"=+-@\t\r"_s.contains(cell.at(0)))
        cell.prepend(u'\'');
    if (cell.contains(u',') || cell.contains(u'"') || cell.contains(u'\'') || cell.startsWith(u' '))
        cell = u'"' + cell.replace(u'"', u"\"\""_s) + u'"';
    return cell;
}

QString table(const Selection &selection, QChar separator, QString (*cell)(const QVariant &))
{
    QString text;
    const auto line = [&](const QStringList &cells) { text += cells.join(separator) + u'\n'; };
    QStringList cells;
    for (const int column : selection.columns)
        cells << cell(title(selection, column, Qt::DisplayRole));
    line(cells);
    for (const int row : selection.rows) {
        cells.clear();
        for (const int column : selection.columns)
            cells << cell(raw(selection, row, column));
        line(cells);
    }
    return text;
}

bool isBareWord(std::string_view word)
{
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._-/:,@%+=").find(c) != std::string_view::npos;
    });
}

} // namespace

QString toTsv(const Selection &selection)
{
    return table(selection, u'\t', plain);
}

QString toCsv(const Selection &selection)
{
    return table(selection, u',', csvCell);
}

QString toJson(const Selection &selection)
{
    QJsonArray array;
    for (const int row : selection.rows) {
        QJsonObject object;
        for (const int column : selection.columns)
            object.insert(title(selection, column, RawRole),
                          QJsonValue::fromVariant(raw(selection, row, column)));
        array.append(object);
    }
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Indented));
}

QString shellQuoted(const std::string &word)
{
    if (isBareWord(word))
        return QString::fromStdString(word);
    if (foreign(word) != QString::fromStdString(word)) {
        QString quoted = u"$'"_s;
        for (const char c : word) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '\'' || c == '\\')
                quoted += u'\\';
            if (byte < 0x20 || byte >= 0x7f)
                quoted += u"\\x%1"_s.arg(byte, 2, 16, QLatin1Char('0'));
            else
                quoted += QLatin1Char(c);
        }
        return quoted + u'\'';
    }
    return u'\'' + QString::fromStdString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

QStringList reachOptions(const workspace::Profile &profile, bool stored)
{
    if (stored)
        return {u"--profile"_s, QString::fromStdString(profile.name)};
    QStringList options{u"--bootstrap"_s, QString::fromStdString(profile.bootstrap)};
    for (const auto &[key, value] : profile.properties)
        if (!value.starts_with("keychain:"))
            options << u"-X"_s << QString::fromStdString(key + '=' + value);
    return options;
}

QString describeCommand(const QStringList &reach, const std::string &group)
{
    QStringList words{u"redrivectl"_s};
    for (const QString &option : reach)
        words << shellQuoted(option.toStdString());
    words << u"groups"_s << u"describe"_s;
    if (group.starts_with('-'))
        words << u"--"_s;
    words << shellQuoted(group);
    return words.join(u' ');
}

} // namespace redrive::ui
