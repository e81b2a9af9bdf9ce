#include "ui/theme/style.h"

#include <QProxyStyle>
#include <QStyleFactory>

namespace redrive::ui::theme {

QStyle *makeStyle()
{
    return new QProxyStyle(QStringLiteral("Fusion"));
}

} // namespace redrive::ui::theme
