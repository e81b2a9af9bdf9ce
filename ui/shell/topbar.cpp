#include "ui/shell/topbar.h"

#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionButton>
#include <QStylePainter>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

// Looks like a field, and is a button that opens the palette.
class CommandField final : public QPushButton
{
public:
    explicit CommandField(QAction *action, QWidget *parent)
        : QPushButton(parent)
        , m_keys(action->shortcut().toString(QKeySequence::NativeText))
    {
        setObjectName(u"command-field"_s);
        setText(TopBar::tr("Search or run a command…"));
        setAccessibleName(text());
        setToolTip(action->toolTip());
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        setMinimumWidth(fontMetrics().averageCharWidth() * 14);
        setMaximumWidth(fontMetrics().averageCharWidth() * 70);
        connect(this, &QPushButton::clicked, action, &QAction::trigger);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QStylePainter painter(this);
        QStyleOptionButton option;
        initStyleOption(&option);
        painter.drawControl(QStyle::CE_PushButtonBevel, option);
        QRect area = rect().adjusted(theme::space8, 0, -theme::space12, 0);
        const QRect glass(area.left(), area.center().y() - 8, 16, 16);
        theme::icon(u"search"_s).paint(&painter, glass);
        area.setLeft(glass.right() + theme::space8);
        painter.setPen(theme::color(theme::Token::MutedText));
        const int keys = fontMetrics().horizontalAdvance(m_keys);
        if (area.width() > keys * 3) {
            painter.drawText(area, static_cast<int>(Qt::AlignVCenter | Qt::AlignRight), m_keys);
            area.setRight(area.right() - keys - theme::space8);
        }
        painter.drawText(area, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
                         fontMetrics().elidedText(text(), Qt::ElideRight, area.width()));
    }

private:
    QString m_keys;
};

} // namespace

QToolButton *TopBar::button(QAction *action, const char *name)
{
    auto *made = new QToolButton(this);
    made->setDefaultAction(action);
    made->setObjectName(QLatin1StringView(name));
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::StrongFocus);
    made->setIconSize({18, 18});
    const int side = theme::rowHeight() + theme::space4;
    made->setMinimumSize(side, side);
    made->setAccessibleName(action->text());
    made->setProperty("shows-action", true);
    return made;
}

TopBar::TopBar(Actions &actions, QWidget *parent)
    : QWidget(parent)
    , m_clusters(new ClusterButton(this))
    , m_command(new CommandField(actions.palette, this))
    , m_zone(new QToolButton(this))
    , m_menu(new QToolButton(this))
{
    setObjectName(u"top-bar"_s);
    const int side = theme::rowHeight() + theme::space4;

    m_zone->setObjectName(u"time-zone"_s);
    m_zone->setAutoRaise(true);
    m_zone->setFocusPolicy(Qt::StrongFocus);
    m_zone->setMinimumSize(side + theme::space16, side);
    m_zone->setToolTip(actions.localTime->toolTip());
    connect(m_zone, &QToolButton::clicked, actions.localTime, &QAction::trigger);

    m_menu->setObjectName(u"menu-button"_s);
    m_menu->setIcon(theme::icon(u"menu"_s));
    m_menu->setIconSize({18, 18});
    m_menu->setMinimumSize(side, side);
    m_menu->setAutoRaise(true);
    m_menu->setFocusPolicy(Qt::StrongFocus);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setMenu(actions.menu());
    m_menu->setAccessibleName(tr("Menu"));
    m_menu->setToolTip(tr("Everything Redrive can do (F10)"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space8);
    row->setSpacing(theme::space4);
    row->addWidget(m_clusters);
    row->addWidget(button(actions.back, "back-button"));
    row->addWidget(button(actions.forward, "forward-button"));
    row->addStretch(1);
    row->addWidget(m_command, 4);
    row->addStretch(1);
    row->addWidget(m_zone);
    row->addWidget(button(actions.toggleScheme, "scheme-button"));
    row->addWidget(m_menu);
    setLocalTime(false);
}

void TopBar::setLocalTime(bool local)
{
    m_zone->setText(local ? tr("Local") : tr("UTC"));
    m_zone->setAccessibleName(local ? tr("Time zone: local") : tr("Time zone: UTC"));
}

} // namespace redrive::ui
