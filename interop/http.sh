#!/bin/sh
# Lets schemathesis (PyPI) ask a running service of ours everything that its OpenAPI document allows, and much that it does not. Exit code 0 only
# if every answer is one that the document describes.
#
#   interop/http.sh                 serves a synthetic record of 200 stations and asks that
#   interop/http.sh URL             asks a service of yours (nothing that it sends can be taken: it has no key)
set -eu

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
work=$(mktemp -d)
service=
finish() {
    if [ -n "$service" ]; then kill "$service" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

python=$target/interop-http/bin/python
if ! "$python" -c 'import schemathesis' 2>/dev/null; then
    echo "installing schemathesis"
    python3 -m venv "$target/interop-http"
    if ! "$python" -m pip install -q --disable-pip-version-check schemathesis==4.32.5; then
        echo "SKIPPED: schemathesis could not be installed from PyPI"
        exit 0
    fi
fi

if [ $# -eq 1 ]; then
    address=${1%/}/
else
    # RECOUNT names the program, if it is there already.
    if [ -z "${RECOUNT:-}" ]; then
        cargo build -q --locked -p recount
        RECOUNT=$target/debug/recount
    fi
    export XDG_CACHE_HOME="$work/cache"
    "$RECOUNT" synth "$work/record" --stations 200 --seed 1 --json >/dev/null
    "$RECOUNT" serve "$work/record" --addr 127.0.0.1:0 --json --log-level error >"$work/told" &
    service=$!
    for _ in $(seq 200); do
        [ -s "$work/told" ] && break
        sleep 0.1
    done
    address=$(sed 's/.*"address":"\([^"]*\)".*/\1/' "$work/told")
fi

# /events never ends: it is asked by our own tests. A schema cannot say which texts are signed statements, so that texts are refused is right.
"$target/interop-http/bin/schemathesis" run "${address}api/v1/openapi.json" --url "$address" \
    --exclude-path /events --checks all --exclude-checks positive_data_acceptance --max-examples "${EXAMPLES:-30}" --seed "${SEED:-1}" --request-timeout 20 --workers 1
