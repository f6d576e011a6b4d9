# A task as a wrapped image runs it: shows a test the address that it was given, has the command lay down its context, then
# becomes the executor. Arguments: a folder for what it shows, the command (two words), the executor.
set -eu
folder=$1 node=$2 optimus=$3
shift 3
printf %s "$OPTIMUS_HOSTNAME" > "$folder/$SCHEDULED_AT.host"
"$node" "$optimus" admin build instance "$JOB_NAME" --project "$PROJECT" --output-dir "$folder/$SCHEDULED_AT" \
  --type "$INSTANCE_TYPE" --name "$INSTANCE_NAME" --scheduled-at "$SCHEDULED_AT" --host "$OPTIMUS_HOSTNAME"
exec "$@"
