#pragma once

#include "ui/models/sessionlogmodel.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QLineEdit;

namespace redrive::ui {

class DataTable;
class Label;

/// A tab of what a session has told: a table, newest first, and above it how much of it there is.
class SessionsLines : public QWidget
{
    Q_OBJECT
public:
    /// `name` begins the object names: "commits" of "session-commits-table".
    SessionsLines(Settings &settings, const QString &name, const QString &title,
                  std::vector<ColumnSpec> columns, const QList<int> &widths, int fill,
                  bool hasFilter, QWidget *parent = nullptr);

    /// Followed only while it is visible, to the end of which it catches up.
    template <typename T>
    void follow(int session, const Tail<T> &tail,
                SessionLine (*words)(const T &entry, TimeZone zone), const QString &empty)
    {
        change([&] {
            m_model->follow(session, tail, [&](const T &entry) { return words(entry, m_zone); });
        });
        say(tail.seen(), tail.letGo(), empty);
    }
    void setZone(TimeZone zone);
    void setNote(const QString &note); ///< what is to be known besides: what was dropped
    void focusFilter();

private:
    void change(const std::function<void()> &how);
    void say(std::uint64_t seen, std::uint64_t letGo, const QString &empty);
    bool accepts(int row) const;

    TimeZone m_zone = TimeZone::Utc;
    SessionLines *m_model;
    DataTable *m_table;
    QLineEdit *m_filter = nullptr;
    QCheckBox *m_problems = nullptr;
    Label *m_count;
    Label *m_note;
    Label *m_empty;
    QString m_needle;
};

} // namespace redrive::ui
