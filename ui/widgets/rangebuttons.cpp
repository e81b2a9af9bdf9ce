#include "ui/widgets/rangebuttons.h"

#include "ui/theme/tokens.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString textOf(std::chrono::minutes length)
{
    const auto minutes = length.count();
    return minutes % 60 == 0 ? RangeButtons::tr("%1 h").arg(minutes / 60)
                             : RangeButtons::tr("%1 min").arg(minutes);
}

} // namespace

RangeButtons::RangeButtons(const QString &name, const std::vector<std::chrono::minutes> &lengths,
                           QWidget *parent)
    : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space4);
    auto *group = new QButtonGroup(this);
    for (const std::chrono::minutes length : lengths) {
        auto *button = new QToolButton(this);
        button->setText(textOf(length));
        button->setObjectName(name + u"-range-"_s + button->text().replace(u' ', u'-'));
        button->setAccessibleName(tr("Show the last %1").arg(button->text()));
        button->setCheckable(true);
        button->setChecked(group->buttons().isEmpty());
        button->setFocusPolicy(Qt::StrongFocus);
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, length] { emit chosen(length); });
    }
}

} // namespace redrive::ui
