#pragma once

#include "ui/models/topicmodel.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <string>

namespace redrive::ui {

class DataTable;
class ElidedLabel;
class Label;

/// The panel beside the list of topics: who reads one, and who leads its partitions.
class TopicDetailPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TopicDetailPanel(Settings &settings, QWidget *parent = nullptr);

    /// `topic` null: it is not listed (yet).
    void show(const std::string &name, const workspace::TopicRow *topic, GroupList groups);
    void forget();
    void focusContents(); ///< the keyboard goes to the readers

signals:
    void groupRequested(const QString &group);

private:
    QWidget *makeReaders(Settings &settings);
    void open(int row);

    ReaderModel *m_readers;
    TopicPartitionModel *m_partitions;
    DataTable *m_readerTable = nullptr;
    DataTable *m_partitionTable;
    ElidedLabel *m_name;
    Label *m_facts;
    Label *m_problem;
    Label *m_readerNote = nullptr;
};

} // namespace redrive::ui
