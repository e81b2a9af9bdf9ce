#include "tests/support/broker/redrivectl.h"

#include <QDir>
#include <QJsonDocument>

namespace redrive::testbroker {

Redrivectl::Redrivectl(QStringList common)
    : m_common(std::move(common))
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const QString name : {"CONFIG", "DATA", "STATE", "CACHE"})
        m_environment.insert("XDG_" + name + "_HOME", m_home.filePath(name.toLower()));
    m_environment.insert("HOME", m_home.path());
    m_environment.insert("NO_COLOR", "1");
}

Output Redrivectl::run(const QStringList &arguments, int patience) const
{
    return runProgram(QStringLiteral(REDRIVE_BIN_DIR "/redrivectl"), m_common + arguments,
                      m_environment, {}, patience);
}

Redrivectl::Answer Redrivectl::json(const QStringList &arguments, int patience) const
{
    const Output output = run(QStringList{"--output", "json"} + arguments, patience);
    const auto document = QJsonDocument::fromJson(output.out);
    return {output.exitCode, document.array(), document.object(), output.err, output.out};
}

QJsonObject Redrivectl::Answer::find(const QString &key, const QString &text) const
{
    for (const auto &entry : list) {
        if (entry.toObject()[key].toString() == text)
            return entry.toObject();
    }
    return {};
}

void Redrivectl::setVariable(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

QString Redrivectl::configDirectory() const
{
    const QString path = m_home.filePath("config/redrive");
    QDir().mkpath(path);
    return path;
}

} // namespace redrive::testbroker
