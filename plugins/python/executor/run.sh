#!/bin/sh
# Becomes the job's program: output, exit code and signals are the program's own. No variable is assigned, as the program
# could have one of that name in its configuration: what is needed are arguments.
set -- "${PYTHON:-python3}" "${SCRIPT:-main.py}"

refuse() {
  printf 'python: %s\n' "$1" >&2
  exit 127
}

[ -n "${JOB_DIR-}" ] || refuse 'JOB_DIR is not set: this program is started by Optimus, which sets it'
case "/$2/" in
  //* | */../*) refuse "SCRIPT is \"$2\", which lies outside of the job's assets: give the name of an asset" ;;
esac
[ -f "$JOB_DIR/in/$2" ] || refuse "the job has no asset \"$2\": add it to assets/, or give the name of another in SCRIPT"
case "$1" in
  -*) refuse "PYTHON is \"$1\", which is no program: give one name, such as python3" ;;
esac
command -v "$1" >/dev/null ||
  refuse "there is no program \"$1\" here: install Python 3, or give the name of another one in PYTHON"
cd "$JOB_DIR/in" || refuse "$JOB_DIR/in cannot be entered"

# An environment of its own: what one run installs, no other run sees. What the image or the machine has, it sees.
if [ -f requirements.txt ] && grep -q '^[[:space:]]*[^#[:space:]]' requirements.txt; then
  "$1" -m venv --system-site-packages "$JOB_DIR/venv" ||
    refuse 'requirements.txt needs an environment, which cannot be made: install venv (on Debian, python3-venv)'
  set -- "$JOB_DIR/venv/bin/python" "$2"
  "$1" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt ||
    refuse 'what requirements.txt lists cannot be installed: see the lines above'
fi

# Unbuffered: a line is in the log when it was printed, not when the program ends.
exec "$1" -u "./$2"
