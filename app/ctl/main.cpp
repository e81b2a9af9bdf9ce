#include "app/ctl/commandline.h"
#include "app/ctl/exitcode.h"
#include "core/kafka/clusterclient.h"

#include <cstdio>
#include <exception>
#include <unistd.h>

int main(int argc, char **argv)
{
    using namespace redrive;
    int exit = ctl::exitcode::failed;
    ctl::Console console;
    try {
        exit = ctl::runCommandLine({argv + 1, argv + argc}, console);
        if (!console.flush())
            exit = exit == ctl::exitcode::done ? ctl::exitcode::failed : exit;
    } catch (const std::exception &error) {
        exit = console.fail({.kind = Error::Kind::Internal,
                             .code = "INTERNAL",
                             .message = error.what(),
                             .attempted = {},
                             .retriable = false});
        console.flush();
    }
    // A handle whose broker does not answer may take long to go; nobody should wait for it.
    kafka::finishDestruction(Millis(250));
    std::fflush(nullptr);
    _exit(exit);
}
