# What the scripts share: sourced by them, not run.
# shellcheck shell=bash disable=SC2034

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${REDRIVE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/redrive}

say() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The comment at the head of a script is its help.
help() { sed -n '2,/^$/{s/^# \{0,1\}//p}' "$0"; }

if [ "${JAVA_HOME:-}" ]; then PATH=$JAVA_HOME/bin:$PATH; fi

# Is there a Java that Apache Kafka 4 runs on (17 or newer)?
have_java() {
    local version
    version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1) || return 1
    [ "${version:-0}" -ge 17 ]
}

have_maven() { mvn -v >/dev/null 2>&1; }

build() { # preset, target ...: configures and builds; says what cmake said only if configuring fails
    local preset=$1 log
    shift
    say "Building ($preset)"
    log=$(mktemp)
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2 && rm -f "$log" && return 1; }
    rm -f "$log"
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
