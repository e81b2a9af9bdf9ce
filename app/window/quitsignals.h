#pragma once

#include <QObject>

namespace redrive::window {

/// SIGTERM and SIGINT as a signal on the UI thread: the handler only writes a byte to a socket that
/// the event loop watches. One for the process; a second signal ends it as the system would.
class QuitSignals : public QObject
{
    Q_OBJECT
public:
    explicit QuitSignals(QObject *parent = nullptr);
    ~QuitSignals() override;

signals:
    void quitRequested();

private:
    int m_sockets[2] = {-1, -1};
};

} // namespace redrive::window
