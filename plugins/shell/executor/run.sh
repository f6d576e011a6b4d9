#!/bin/sh
# Becomes the job's script: output, exit code and signals are the script's own. Values of the configuration are
# environment variables, and no line of this file evaluates one. None assigns a variable either, as the script could have
# one of that name in its configuration: what is needed are arguments.
set -- "${INTERPRETER:-sh}" "${SCRIPT:-script.sh}"

refuse() {
  printf 'shell: %s\n' "$1" >&2
  exit 127
}

[ -n "${JOB_DIR-}" ] || refuse 'JOB_DIR is not set: this program is started by Optimus, which sets it'
case "/$2/" in
  //* | */../*) refuse "SCRIPT is \"$2\", which lies outside of the job's assets: give the name of an asset" ;;
esac
[ -f "$JOB_DIR/in/$2" ] || refuse "the job has no asset \"$2\": add it to assets/, or give the name of another in SCRIPT"
case "$1" in
  -*) refuse "INTERPRETER is \"$1\", which is no program: give one name, such as sh or bash" ;;
esac
command -v "$1" >/dev/null ||
  refuse "there is no program \"$1\" here: give one name in INTERPRETER, such as sh or bash, without arguments"
cd "$JOB_DIR/in" || refuse "$JOB_DIR/in cannot be entered"
exec "$1" "./$2"
