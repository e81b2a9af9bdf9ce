#pragma once

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QDir>
#include <QImage>
#include <QTest>
#include <QWidget>

namespace redrive::test {

inline QString pictureFolder()
{
    const QString path =
        QDir(QString::fromUtf8(REDRIVE_BIN_DIR)).filePath(QStringLiteral("../screenshots"));
    QDir().mkpath(path);
    return path;
}

/// What a person would see, kept as an artefact; the check is that something was painted at all.
inline void take(QWidget &widget, const QString &name, qreal ratio = 1)
{
    QCoreApplication::processEvents();
    QImage image(widget.size() * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(widget.palette().color(QPalette::Window));
    widget.render(&image);
    const QString scheme = ui::theme::isDark() ? QStringLiteral("dark") : QStringLiteral("light");
    const QString path =
        QStringLiteral("%1/%2-%3%4.png")
            .arg(pictureFolder(), name, scheme, ratio > 1 ? QStringLiteral("-1.5x") : QString());
    QVERIFY2(image.save(path), qPrintable(path));
    QVERIFY(!image.allGray() || image.pixel(5, 5) != image.pixel(image.width() / 3, 40));
}

} // namespace redrive::test
