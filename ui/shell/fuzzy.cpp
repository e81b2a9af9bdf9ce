#include "ui/shell/fuzzy.h"

#include <algorithm>

namespace redrive::ui {

namespace {

bool beginsWord(const QString &text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    return !before.isLetterOrNumber() || (before.isLower() && text[at].isUpper());
}

} // namespace

std::optional<int> fuzzyScore(const QString &typed, const QString &text)
{
    if (const auto whole = text.indexOf(typed, 0, Qt::CaseInsensitive); whole >= 0) {
        const int start = beginsWord(text, whole) ? 500 : 200;
        return start + (whole == 0 ? 300 : 0) -
               static_cast<int>(std::min<qsizetype>(text.size(), 150));
    }
    int score = 0;
    qsizetype from = 0;
    qsizetype last = -2;
    for (const QChar letter : typed) {
        if (letter.isSpace())
            continue;
        const auto at = text.indexOf(letter, from, Qt::CaseInsensitive);
        if (at < 0)
            return std::nullopt;
        score += 1 + (at == last + 1 ? 8 : 0) + (beginsWord(text, at) ? 10 : 0);
        last = at;
        from = at + 1;
    }
    return score - static_cast<int>(std::min<qsizetype>(text.size(), 150));
}

} // namespace redrive::ui
