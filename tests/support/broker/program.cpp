#include "tests/support/broker/program.h"

#include <QElapsedTimer>
#include <QProcess>

namespace redrive::testbroker {

Output runProgram(const QString &program, const QStringList &arguments,
                  const QProcessEnvironment &environment, const QByteArray &input, int patience)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    Output output;
    if (!process.waitForFinished(patience)) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        output.exitCode = process.exitCode();
    }
    output.milliseconds = timer.elapsed();
    output.out = process.readAllStandardOutput();
    output.err = process.readAllStandardError();
    return output;
}

} // namespace redrive::testbroker
