#!/bin/sh
# Installs the plugin for the Python of this machine:
#
#   install.sh [folder of plugins] [folder of the plugin's own environment]
set -eu
source=$(cd "$(dirname "$0")" && pwd)
plugins=${1:-$HOME/.optimus/plugins}
environment=${2:-$HOME/.local/share/optimus-load-csv}
protos=${PROTOS:-$source/../../proto}

python3 -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$source/requirements.txt"

# Python of the protocol's files. Those of google/ come with the requirements.
modules=$environment/modules
mkdir -p "$modules" "$plugins"
(
  cd "$protos"
  find odpf plugin -name '*.proto' -exec "$environment/bin/python" -m grpc_tools.protoc --proto_path=. \
    --python_out="$modules" --grpc_python_out="$modules" {} +
)
cp "$source/go_plugin.py" "$source/load_csv.py" "$modules"

case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
program=$plugins/optimus-load-csv_$(uname -s | tr '[:upper:]' '[:lower:]')_$machine
# Put in place whole: a server that watches the folder starts it as soon as it is there.
cat > "$program.new" <<END
#!$environment/bin/python
import sys

sys.path.insert(0, "$modules")
import load_csv

load_csv.main()
END
chmod 755 "$program.new"
mv "$program.new" "$program"
echo "installed $program"
