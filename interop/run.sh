#!/bin/sh
# Lets clients that others wrote check records of ours. Ends with a summary; exit code 0 only if all agree.
#
#   interop/run.sh                  writes its own test records (12,000 entries) and checks them
#   interop/run.sh RECORD VKEY      checks a record of yours with the first two clients as well
#
# Installs what it needs (as root, from the machine's own Debian sources, and from PyPI into interop's own environment).
set -eu

cd "$(dirname "$0")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}
work=$(mktemp -d)
witness_pid=
finish() {
    if [ -n "$witness_pid" ]; then kill "$witness_pid" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT
summary=$work/summary
: >"$summary"
failures=0

say() { printf '%s\n' "$*"; }
ok() { printf 'ok    %s\n' "$*" | tee -a "$summary"; }
bad() {
    printf 'FAIL  %s\n' "$*" | tee -a "$summary"
    failures=$((failures + 1))
}

# accepts NAME COMMAND...: the command must succeed. rejects NAME WORDS COMMAND...: it must end with code 1 and say WORDS.
accepts() {
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then ok "$name: $(tail -n 1 "$work/out")"; else bad "$name: $(tail -n 3 "$work/out")"; fi
}
rejects() {
    name=$1
    words=$2
    shift 2
    code=0
    "$@" >"$work/out" 2>&1 || code=$?
    why=$(tail -n 1 "$work/out" | cut -c1-150)
    if [ "$code" -eq 1 ] && printf '%s' "$why" | grep -q "$words"; then ok "$name: $why"; else bad "$name: not rejected (code $code): $why"; fi
}

# --- what it needs ------------------------------------------------------------------------------------------------------------
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

install_packages() {
    if ! command -v go >/dev/null || [ ! -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; then
        say "installing golang-go and golang-golang-x-mod-dev"
        as_root apt-get update -q >/dev/null
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends golang-go golang-golang-x-mod-dev >/dev/null
    fi
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        as_root apt-get update -q >/dev/null
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-venv >/dev/null
    fi
}

# sigsum-go is in the backports: the machine's own sources again, with the suites replaced, for this one installation only.
install_witness() {
    if command -v sigsum-witness >/dev/null; then return; fi
    say "installing sigsum-go from the backports"
    . /etc/os-release
    sources=$work/sources
    mkdir "$sources"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] || continue
        cp "$file" "$sources/"
        awk -v suite="$VERSION_CODENAME-backports" '
            BEGIN { RS = ""; ORS = "\n\n" }
            /(^|\n)Suites:[^\n]*-security/ { next }
            { sub(/(^|\n)Suites:[^\n]*/, "\nSuites: " suite); sub(/^\n/, ""); print }
        ' "$file" >"$sources/backports-$(basename "$file")"
    done
    if [ -z "$(ls -A "$sources")" ]; then
        say "no deb822 sources on this machine: cannot find the backports"
        return
    fi
    # apt drops its rights while fetching: it must be able to read the copies.
    chmod -R a+rX "$work"
    own="-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$sources -o APT::Get::List-Cleanup=0"
    # shellcheck disable=SC2086 # several options on purpose
    as_root apt-get $own update -q >/dev/null
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get $own install -y -q --no-install-recommends -t "$VERSION_CODENAME-backports" sigsum-go >/dev/null
}

install_python() {
    python=$target/interop-python/bin/python
    if ! "$python" -c 'import tlog_scales' 2>/dev/null; then
        say "installing tlog-scales"
        python3 -m venv "$target/interop-python"
        "$python" -m pip install -q --disable-pip-version-check tlog-scales==0.0.3
    fi
}

install_packages
install_witness
install_python
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go build -o "$work/go-check" interop/go/check.go
# Everything at once: crate by crate, cargo would make the same dependencies again with fewer features.
cargo build -q --locked --workspace --bins --examples
testlog=$target/debug/examples/testlog
verifylog=$target/debug/examples/verifylog

# --- two readers --------------------------------------------------------------------------------------------------------------
# flip FILE OFFSET: changes the lowest bit of one byte.
flip() {
    chmod u+w "$1"
    "$python" -c 'import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2])); byte = file.read(1)[0] ^ 1
    file.seek(int(sys.argv[2])); file.write(bytes([byte]))' "$1" "$2"
}

# changed NAME FILE OFFSET: a copy of the record with one bit flipped, and everybody's opinion of it.
changed() {
    rm -rf "$work/changed"
    cp -r "$public" "$work/changed"
    flip "$work/changed/$2" "$3"
    rejects "Go x/mod/sumdb rejects $1" "entry\|tile\|hash" "$work/go-check" "$work/changed" "$vkey"
    rejects "tlog-scales rejects $1" "entry\|tile\|hash" "$python" interop/python/check.py "$work/changed" "$vkey"
    rejects "recount-store rejects $1" "is not what the entries give" "$verifylog" "$work/changed" "$vkey"
}

check_record() {
    accepts "Go x/mod/sumdb, $1" "$work/go-check" "$public" "$vkey"
    accepts "tlog-scales, $1" "$python" interop/python/check.py "$public" "$vkey"
    accepts "recount-store, $1" "$verifylog" "$public" "$vkey"
    changed "a flipped entry ($1)" tile/entries/000 5
    changed "a flipped hash ($1)" tile/0/000 5
}

seed=0101010101010101010101010101010101010101010101010101010101010101
vkey=$("$testlog" "$work/record" interop.example.org/test "$seed" 1 255 256 257 1000 5000 9999 12000)
public=$work/record/public
check_record "test record"
if [ $# -eq 2 ]; then
    public=$1
    [ -d "$1/public" ] && public=$1/public
    vkey=$2
    check_record "given record"
fi

# --- a witness ----------------------------------------------------------------------------------------------------------------
check_witness() {
    # Debian's build of the witness needs the older rules for paths, or it knows no path at all.
    export GODEBUG=httpmuxgo121=0
    # The same log key and origin twice, with different entries: two histories of one log.
    "$testlog" "$work/forked" sigsum "$seed" --text other 1 10000 12000 >"$work/vkey"
    sigsum-key from-vkey <"$work/vkey" >"$work/log.pub"
    sigsum-key generate -o "$work/witness"
    witness_name=sigsum.org/v1/witness/$(sigsum-key to-hash -k "$work/witness.pub")
    witness_key=$(sigsum-key to-vkey -k "$work/witness.pub" -n "$witness_name" -t cosignature/v1)
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    sigsum-witness -k "$work/witness" --log-key "$work/log.pub" --state-file "$work/state" "127.0.0.1:$port" >"$work/witness.log" 2>&1 &
    witness_pid=$!
    "$python" -c "import socket, time
for _ in range(100):
    try: socket.create_connection(('127.0.0.1', $port)).close(); break
    except OSError: time.sleep(0.1)"
    address=http://127.0.0.1:$port
    accepts "sigsum-witness cosigns what the writer publishes" \
        "$testlog" "$work/cosigned" sigsum "$seed" --witness "$address" "$witness_key" 1 300 5000 10000
    for size in 1 300 5000 10000; do
        if grep -q "^— $witness_name " "$work/cosigned/public/checkpoints/$size"; then
            ok "the checkpoint of size $size carries the witness's line, verified by recount-store"
        else
            bad "the checkpoint of size $size lacks the witness's line"
        fi
    done
        code=0
    "$python" interop/python/witness.py "$address" "$work/cosigned/public" "$work/forked/public" >"$work/out" 2>&1 || code=$?
    while read -r line; do
        case $line in
        "ok "*) ok "sigsum-witness: ${line#ok }" ;;
        *) bad "sigsum-witness: $line" ;;
        esac
    done <"$work/out"
    [ "$code" -eq 0 ] || [ -s "$work/out" ] || bad "sigsum-witness: could not be asked"
    rejects "a writer whose record the witness knows to be longer" "rolled back\|has cosigned" \
        "$testlog" "$work/restored" sigsum "$seed" --witness "$address" "$witness_key" 4000
}

# --- seats --------------------------------------------------------------------------------------------------------------------
check_seats() {
    if ! "$python" -c 'import votelib' 2>/dev/null && ! "$python" -m pip install -q --disable-pip-version-check votelib==0.4.0; then
        say "SKIPPED: votelib could not be installed from PyPI; no allocation was compared"
        return
    fi
    accepts "votelib, random allocations" "$python" interop/python/votes.py "$target/debug/examples/allocate" 20000
}

# --- data ---------------------------------------------------------------------------------------------------------------------
check_data() {
    if ! "$python" -c 'import duckdb, feedparser, frictionless, pandas, pyarrow' 2>/dev/null &&
        ! "$python" -m pip install -q --disable-pip-version-check duckdb feedparser frictionless pandas pyarrow; then
        say "SKIPPED: pandas, pyarrow, duckdb, frictionless and feedparser could not be installed from PyPI; no data were read"
        return
    fi
    recount=$target/debug/recount
    readtable=$target/debug/examples/readtable
    export XDG_CACHE_HOME="$work/cache"

    # Tables that others wrote, in every way that they offer.
    "$python" interop/python/foreign.py "$work/foreign" >"$work/names"
    while read -r name; do
        if "$readtable" "$work/foreign/$name" >"$work/out" && cmp -s "$work/out" "$work/foreign/table.csv"; then
            ok "recount-exchange reads $name"
        else
            bad "recount-exchange reads $name otherwise than it was written"
        fi
    done <"$work/names"

    # Packages that we wrote: an election with everything in it, and one with a few thousand stations.
    "$recount" demo --dir "$work/demo" >/dev/null
    demo=$(find "$work/demo" -name checkpoint -path '*public*' | head -n 1)
    demo=${demo%/public/checkpoint}
    "$recount" synth "$work/synth" --stations 5000 --seed 3 --territories 20 --lists 9 >/dev/null
    for record in "$demo" "$work/synth"; do
        name=$(basename "$record")
        "$recount" export "$record" --dir "$work/package-$name" --licence CC0-1.0 >/dev/null
        accepts "pandas, pyarrow, duckdb and frictionless, record $name" \
            "$python" interop/python/data.py "$work/package-$name"
    done

    # A published site: a table over HTTP with curl, and the feed.
    "$recount" publish "$demo" "$work/site" --base-url https://results.example.org >/dev/null
    accepts "feedparser, the feed of changes" "$python" interop/python/feed.py "$work/site"
}

check_seats
check_data
if command -v sigsum-witness >/dev/null; then check_witness; else bad "sigsum-witness could not be installed"; fi

# ------------------------------------------------------------------------------------------------------------------------------
say
say "Interoperability:"
cat "$summary"
say
if [ "$failures" -eq 0 ]; then say "All $(wc -l <"$summary") checks as expected."; else say "$failures of $(wc -l <"$summary") checks not as expected."; fi
[ "$failures" -eq 0 ]
