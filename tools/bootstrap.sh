#!/bin/sh
# Set up .venv for a purpose: tools/bootstrap.sh run|test|lint|docs|bench
#
# Needs a CPython >= 3.12 with venv and nothing else. PYTHON=/path/to/python overrides the search.
# Does nothing when pyproject.toml and uv.lock have not changed since the last time.
set -eu
unset CDPATH
cd "$(dirname "$0")/.."
root=$(pwd -P)
purpose=${1:-run}
venv=.venv
uv_needs='uv>=0.9,<1'

say() { printf '%s\n' "$*" >&2; }

probe='
import sys, sysconfig
fits = sys.implementation.name == "cpython" and sys.version_info >= (3, 12)
if not fits or sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit(1)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(3)
'

# 0: good; 1: too old, broken or another implementation; 3: good, but its venv module is missing.
fits() { "$1" -I -c "$probe" >/dev/null 2>&1; }

newest_first() { sort -t. -k2,2nr -k3,3nr; }

installed() {
    for name in python3.14 python3.13 python3.12 python3 python; do
        command -v "$name" || true
    done
    home=${HOME:-/nonexistent}
    pyenv=${PYENV_ROOT:-$home/.pyenv}
    data=${XDG_DATA_HOME:-$home/.local/share}
    for folder in "$pyenv"/versions/3.* "$home"/.asdf/installs/python/3.* \
        "$data"/mise/installs/python/3.*; do
        [ -x "$folder/bin/python3" ] && printf '%s.%s\n' "${folder##*/}" "$folder"
    done | newest_first | sed 's|^[^/]*\.\(/.*\)$|\1/bin/python3|'
    for folder in "${UV_PYTHON_INSTALL_DIR:-$data/uv/python}"/cpython-3.*; do
        [ -x "$folder/bin/python3" ] && printf '%s\n' "$folder"
    done | sort -t- -k2,2Vr 2>/dev/null | sed 's|$|/bin/python3|'
    for python in /usr/local/bin/python3.* /opt/homebrew/bin/python3.* /opt/python*/bin/python3; do
        case $python in *config* | *-* | *\**) ;; *) printf '%s\n' "$python" ;; esac
    done
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" && { command -v "$PYTHON"; return; }
        say "PYTHON=$PYTHON is no CPython >= 3.12 with the venv module."
        return 1
    fi
    bare=
    list=$(installed)
    while IFS= read -r python; do
        [ -n "$python" ] || continue
        code=0
        fits "$python" || code=$?
        [ "$code" = 0 ] && { printf '%s\n' "$python"; return; }
        [ "$code" = 3 ] && bare=${bare:-$python}
    done <<LIST
$list
LIST
    if [ -n "$bare" ]; then
        say "$bare lacks the venv module. On Debian and Ubuntu install it with:"
        say "    apt-get install $("$bare" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
    else
        say "Linyin needs Python 3.12 or newer, and none was found on PATH, under pyenv, asdf, mise or uv."
        say "Install one, for example:"
        say "    apt-get install python3.12 python3.12-venv    (Debian, Ubuntu)"
        say "    brew install python@3.13                      (macOS)"
        say "    pyenv install 3.13                            (pyenv)"
        say "or name one: make run PYTHON=/path/to/python3.12"
    fi
    return 1
}

case $purpose in
    run) wants='--extra web' ;;
    test) wants='--group test --extra web --extra saml --extra s3' ;;
    lint) wants='--group lint --group test --extra web --extra saml --extra s3' ;;
    docs) wants='--group docs' ;;
    bench) wants='--group test --extra web' ;;
    *) say "unknown purpose $purpose: run, test, lint, docs or bench"; exit 2 ;;
esac

# A moved checkout leaves a .venv whose scripts and links point to the old place.
marker=$venv/.linyin-root
if [ -e "$venv" ]; then
    made_for=$(cat "$marker" 2>/dev/null || true)
    if fits "$venv/bin/python" && [ "${made_for:-$root}" = "$root" ]; then
        [ -n "$made_for" ] || printf '%s\n' "$root" >"$marker"
    elif [ -n "$made_for" ]; then
        say "Setting up $venv anew: it was moved, or its Python is gone."
        rm -rf "$venv"
    else
        say "$root/$venv was not made by Linyin and has no Python 3.12 or newer. Move it away."
        exit 1
    fi
fi

stamp=$venv/.linyin-$purpose
if [ -e "$stamp" ] && [ -z "$(find pyproject.toml uv.lock tools/bootstrap.sh -newer "$stamp")" ]; then
    exit 0
fi

if [ ! -e "$venv" ]; then
    python=$(find_python) || exit 1
    say "Setting up $venv with $("$python" -V) ($python)"
    "$python" -m venv "$venv"
    printf '%s\n' "$root" >"$marker"
fi
if [ ! -x "$venv/bin/uv" ]; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$uv_needs"
fi

unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT UV_PROJECT UV_FROZEN UV_LOCKED
# --inexact keeps uv itself and what other purposes have installed.
# shellcheck disable=SC2086
UV_PYTHON_DOWNLOADS=never "$venv/bin/uv" sync --quiet --frozen --compile-bytecode --inexact --no-default-groups $wants
touch "$stamp"
