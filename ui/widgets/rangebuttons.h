#pragma once

#include <QWidget>

#include <chrono>
#include <vector>

namespace redrive::ui {

/// How far back a chart goes: one button a length, the first of them pressed.
class RangeButtons : public QWidget
{
    Q_OBJECT
public:
    /// `name` begins the buttons' object names: "lag" of "lag-range-15-min".
    RangeButtons(const QString &name, const std::vector<std::chrono::minutes> &lengths,
                 QWidget *parent = nullptr);

signals:
    void chosen(std::chrono::minutes length);
};

} // namespace redrive::ui
