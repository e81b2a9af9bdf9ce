#include "ui/dialogs/sessionformcompleter.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QLineEdit>
#include <QStringListModel>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

class NameCompleter final : public QCompleter
{
public:
    NameCompleter(QLineEdit *field, Completes what)
        : QCompleter(new QStringListModel(field), field)
        , m_what(what)
    {
        setCaseSensitivity(Qt::CaseInsensitive);
        setFilterMode(Qt::MatchContains);
        setMaxVisibleItems(10);
        popup()->setObjectName(field->objectName() + u"-completions"_s);
        popup()->setAccessibleName(field->accessibleName());
    }

    QStringList splitPath(const QString &path) const override
    {
        return {m_what == Completes::Last ? path.section(u',', -1).trimmed() : path};
    }

    QString pathFromIndex(const QModelIndex &index) const override
    {
        const QString name = QCompleter::pathFromIndex(index);
        if (m_what == Completes::Whole)
            return name;
        const QString typed = static_cast<QLineEdit *>(widget())->text();
        const qsizetype comma = typed.lastIndexOf(u',');
        return comma < 0 ? name : typed.left(comma + 1) + u' ' + name;
    }

private:
    Completes m_what;
};

} // namespace

void complete(QLineEdit *field, const QStringList &names, Completes what)
{
    if (!field->completer())
        field->setCompleter(new NameCompleter(field, what));
    QCompleter *const completer = field->completer();
    auto *model = static_cast<QStringListModel *>(completer->model());
    if (model->stringList() != names && !completer->popup()->isVisible())
        model->setStringList(names);
}

} // namespace redrive::ui
