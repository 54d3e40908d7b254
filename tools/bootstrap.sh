#!/bin/sh
# Makes .venv from requirements.lock with whatever suitable Python is there; does nothing when it is up to date.
# Nothing is compiled and no interpreter is downloaded.
set -eu
cd "$(dirname "$0")/.."

suitable='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
python=
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if "$candidate" -c "$suitable" >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Chaidaen needs Python 3.11, 3.12 or 3.13 (ต้องใช้ Python 3.11–3.13): install python3 and python3-venv, or name one with PYTHON=/path/to/python3.12 make …" >&2
    exit 1
fi

stamp="$("$python" -c 'import hashlib, pathlib, sys; print(sys.version.split()[0], hashlib.sha256(b"".join(pathlib.Path(f).read_bytes() for f in ("requirements.lock", "pyproject.toml"))).hexdigest(), pathlib.Path.cwd())')"
if [ -f .venv/.made-from ] && [ "$(cat .venv/.made-from)" = "$stamp" ]; then
    exit 0
fi

# The system's certificates: many offices sit behind a proxy whose certificate only the system knows.
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" PIP_DISABLE_PIP_VERSION_CHECK=1
echo "Making the environment with $("$python" --version) (กำลังเตรียมสภาพแวดล้อม); about a minute the first time …"
rm -f .venv/.made-from
if ! "$python" -m venv --clear .venv >.venv-problem 2>&1; then
    cat .venv-problem >&2
    rm -rf .venv .venv-problem
    echo "This Python can't make environments (Python นี้สร้าง environment ไม่ได้): install python3-venv and run the same command again." >&2
    exit 1
fi
rm -f .venv-problem

# uv is in the lock like everything else; pip installs that one package, uv the rest in a fraction of pip's time.
awk '/^uv==/ {found = 1} found {print} found && !/\\$/ {exit}' requirements.lock >.venv/uv.lock
.venv/bin/python -m pip install --quiet --no-deps --require-hashes -r .venv/uv.lock
.venv/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python requirements.lock
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
echo "$stamp" >.venv/.made-from
echo "The environment is ready (พร้อมใช้งาน)."
