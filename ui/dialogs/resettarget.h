#pragma once

#include "core/offsets/target.h"
#include "ui/bridge/offsetrelay.h"
#include "ui/format/format.h"

#include <QStringList>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QButtonGroup;
class QComboBox;
class QDateTimeEdit;
class QLineEdit;
class QRadioButton;
class QSpinBox;
class QStackedWidget;

namespace redrive::ui {

class Label;

/// Where a group is to go: one of the ways to say it, and beneath them what that way needs. Files
/// are read in the background.
class ResetTarget : public QWidget
{
    Q_OBJECT
public:
    enum Way
    {
        Earliest,
        Latest,
        Time,
        Ago,
        Shift,
        LatestMinus,
        Exact,
        File,
        OtherGroup,
        Delete,
        WayCount
    };

    /// `group`: whose offsets are moved.
    explicit ResetTarget(GroupId group, QWidget *parent = nullptr);
    ~ResetTarget() override;

    /// None: nothing is chosen yet, or what is typed cannot be used.
    std::optional<offsets::Target> target() const;
    /// For a file: as it was asked for, `csv:FILE`. Else empty.
    std::string spec() const;
    /// What keeps it from being a target, in a sentence; empty where it is one.
    QString problem() const;
    /// An Undo cannot be shown here.
    void choose(const offsets::Target &target);
    void offerGroups(const QStringList &names);
    void focusValue();

signals:
    void changed();

private:
    QRadioButton *way(Way way, const QString &text, const char *object);
    QWidget *buildTime();
    QWidget *buildAgo();
    QWidget *buildFile();
    QLineEdit *numberField(Way way, const char *object, const QString &name,
                           const QString &example);
    void put(Way way, const QString &label, QWidget *field, QWidget *focus);
    void tell();
    void showTime();
    void setBack(qint64 seconds);
    void browse();
    void readFile();
    std::optional<std::int64_t> typedNumber(Way way) const;

    GroupId m_group;
    QButtonGroup *m_ways;
    QStackedWidget *m_values;
    std::vector<QWidget *> m_focus; ///< by Way; null: it needs nothing
    std::vector<QLineEdit *> m_numbers;
    QDateTimeEdit *m_time = nullptr;
    Label *m_utc = nullptr;
    QSpinBox *m_ago = nullptr;
    QComboBox *m_agoUnit = nullptr;
    QLineEdit *m_file = nullptr;
    QLineEdit *m_otherGroup = nullptr;
    Label *m_help;

    struct ReadFile
    {
        QString path;
        Result<offsets::Target> target;
        std::string spec;
    };
    std::optional<ReadFile> m_read; ///< none: it is being read, or none was named
    OffsetRelay m_relay;
};

} // namespace redrive::ui
