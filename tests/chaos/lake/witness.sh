#!/bin/sh
# The task of every job and hook of the lake. It notes what it does in a file that no server knows of: one line when it starts,
# one each beat, one when it ends, each with the time and with who it is.
folder=${JOB_DIR%/job}
who="${folder##*/} $JOB_NAME $SCHEDULED_AT $INSTANCE_TYPE/$INSTANCE_NAME $MARK ${JOB_DIR%%/runs/*}"
note() { printf '%s %s %s\n' "$(date +%s%3N)" "$who" "$*" >> "$WITNESS"; }

note start
beats=${BEATS:-1}
case ${ACT:-plain} in
  crash) kill -KILL $$ ;;
  flood) beats=1000000; while :; do echo 'more and more and more output, of which there is no end'; done ;;
  stubborn) trap '' TERM; beats=1000000 ;;
esac
beat=1
while [ "$beat" -le "$beats" ]; do
  echo "beat $beat"
  sleep 0.2
  note beat
  beat=$((beat + 1))
done
code=0
# The first attempt of every instance fails.
if [ "${ACT:-plain}" = flaky ] && mkdir "$WITNESS.$JOB_NAME-$SCHEDULED_AT" 2> /dev/null; then code=7; fi
echo 'end of the output'
note end "$code"
exit "$code"
