#!/usr/bin/env bash
# Builds the package for Python in a virtual environment of its own, runs its tests and its example.
# RECOUNT=path of the program: its JSON is compared with what Python gets. Without it that part is skipped loudly.
# PROFILE=release tests what is shipped; the default build is quicker, with the statistics optimised in both.
# PYTHON=interpreter (default python3). Needs Rust and python3-venv; maturin and numpy come by pip.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
target="${CARGO_TARGET_DIR:-$PWD/../../target}/python"
venv="$target/venv"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -q
  $as_root apt-get install -qy --no-install-recommends python3-venv >/dev/null
fi
cargo fmt --check
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install -q "maturin>=1.9,<2" "numpy>=1.24"
CARGO_TARGET_DIR="$target" "$venv/bin/maturin" build -q --profile "${PROFILE:-dev}" --locked --interpreter "$venv/bin/python" --out "$target/wheels"
wheel="$(ls -t "$target"/wheels/recount_forensics-*.whl | head -n 1)"
"$venv/bin/pip" install -q --no-deps --force-reinstall "$wheel"
echo "wheel: $(basename "$wheel"), $(du -h "$wheel" | cut -f1)"
"$venv/bin/python" -m unittest discover -s tests
"$venv/bin/python" examples/analysis.py
