#pragma once

#include "tests/support/broker/eventually.h"

#include <QDeadlineTimer>
#include <QProcessEnvironment>
#include <QStringList>

#include <array>
#include <cerrno>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace redrive::testworld {

/// `redrivectl` on a terminal of its own, as a person has it.
class Terminal
{
public:
    Terminal(const QStringList &arguments, const QProcessEnvironment &environment)
    {
        std::vector<std::string> words{REDRIVE_BIN_DIR "/redrivectl"};
        for (const QString &argument : arguments)
            words.push_back(argument.toStdString());
        std::vector<std::string> variables{"TERM=dumb"};
        for (const QString &variable : environment.toStringList())
            if (!variable.startsWith("TERM="))
                variables.push_back(variable.toStdString());
        const std::vector<char *> argv = pointers(words);
        const std::vector<char *> envp = pointers(variables);
        m_child = forkpty(&m_master, nullptr, nullptr, nullptr);
        if (m_child == 0) {
            execve(argv[0], argv.data(), envp.data());
            _exit(127);
        }
        if (m_child < 0)
            throw std::runtime_error("there is no terminal");
    }
    ~Terminal()
    {
        if (!m_ended) {
            ::kill(m_child, SIGKILL);
            waitpid(m_child, nullptr, 0);
        }
        ::close(m_master);
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    void type(const QByteArray &keys)
    {
        if (::write(m_master, keys.constData(), static_cast<std::size_t>(keys.size())) !=
            keys.size())
            throw std::runtime_error("cannot type");
    }
    void waitForWords(const QByteArray &words)
    {
        testbroker::eventually("it says " + QString::fromUtf8(words), [&] {
            read();
            return m_said.contains(words);
        });
    }
    int exitCode()
    {
        testbroker::eventually("it ends", [&] {
            read();
            m_ended = waitpid(m_child, &m_status, WNOHANG) == m_child;
            return m_ended;
        });
        read();
        return WIFEXITED(m_status) ? WEXITSTATUS(m_status) : -1;
    }
    const QByteArray &said() const { return m_said; }

private:
    static std::vector<char *> pointers(std::vector<std::string> &texts)
    {
        std::vector<char *> list;
        for (std::string &text : texts)
            list.push_back(text.data());
        list.push_back(nullptr);
        return list;
    }
    void read()
    {
        std::array<char, 4096> room{};
        pollfd waiting{.fd = m_master, .events = POLLIN, .revents = 0};
        while (poll(&waiting, 1, 0) > 0) {
            const ssize_t got = ::read(m_master, room.data(), room.size());
            if (got <= 0)
                return;
            m_said.append(room.data(), got);
        }
    }

    int m_master = -1;
    pid_t m_child = -1;
    int m_status = 0;
    bool m_ended = false;
    QByteArray m_said;
};

} // namespace redrive::testworld
