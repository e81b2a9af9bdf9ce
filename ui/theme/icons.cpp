#include "ui/theme/icons.h"

#include "ui/theme/tokens.h"

#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include <memory>

using namespace Qt::StringLiterals;

namespace redrive::ui::theme {

namespace {

std::shared_ptr<QSvgRenderer> drawing(const QString &name)
{
    static QHash<QString, std::shared_ptr<QSvgRenderer>> known;
    auto &found = known[name];
    if (!found)
        found = std::make_shared<QSvgRenderer>(u":/redrive/icons/"_s + name + u".svg"_s);
    return found;
}

class TintedEngine final : public QIconEngine
{
public:
    explicit TintedEngine(QString name)
        : m_name(std::move(name))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        QImage image(rect.size() * ratio, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        {
            QPainter onto(&image);
            drawing(m_name)->render(&onto, QRectF({}, QSizeF(image.size())));
            onto.setCompositionMode(QPainter::CompositionMode_SourceIn);
            QColor ink = color(Token::Text);
            if (mode == QIcon::Disabled)
                ink.setAlphaF(0.4F);
            onto.fillRect(image.rect(), ink);
        }
        painter->drawImage(QRectF(rect), image);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, QRect({}, size), mode, state);
        return result;
    }

    QIconEngine *clone() const override { return new TintedEngine(m_name); }

private:
    QString m_name;
};

} // namespace

QIcon icon(const QString &name)
{
    return QIcon(new TintedEngine(name));
}

} // namespace redrive::ui::theme
