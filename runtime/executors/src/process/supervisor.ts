import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { CUT_NOTE } from './log-cut.ts';
import type { CommandLine } from './process-image.ts';
import type { TaskOutput } from './task-output.ts';

// The script that watches one task. It is a constant: the folder and the command line come in as arguments, the environment as
// environment. Its own variables bear a prefix because assigning one that the task's environment has would change the task's.
//
// The exclusive creation of the file `supervisor` decides between this start and a server that has given the attempt up (see
// AttemptFolder.claimOrReadSupervisor): who creates it first wins, and the loser does nothing.
//
// It enters its cgroups by itself, before there is a task that could run outside of them. That one cannot be entered is told by
// descriptor 3, which may have no reader any more.
//
// Closing descriptor 3 tells the server that the task begins; a server that has died by then is not missed.
//
// Output that is filtered is complete only when the filter has read it all: the exit code then goes into `code`, and the filter
// publishes it as `exit`.
//
// The loop beside the task bounds a log that the task writes itself, see DESIGN.md: opened for appending, it grows on from where it was
// cut. POSIX has no other command that cuts a file than dd.
//
// The trap keeps the script alive when the group is asked to end, so that it can tell how its task ended; caught signals are
// restored in the task. A full disk delays the exit file and does not lose it: it counts when its last line is there. Renaming would cost
// as much as a short task. What the task left in its group ends with it.
const BOUND_EVERY_S = 2;
/** What a log may have beyond its limit before it is cut. */
const TAIL_BYTES = 64 * 1024;
const SCRIPT = `
trap : HUP INT QUIT TERM
_optimus_folder=$1
_optimus_end=$2
_optimus_limit=$3
_optimus_log=$4
_optimus_cgroup=$5
_optimus_other_cgroup=$6
shift 6
if [ -r "/proc/$$/stat" ]; then
  IFS= read -r _optimus_stat < "/proc/$$/stat"
  _optimus_start="stat \${_optimus_stat##*) }"
else
  _optimus_start="ps $(LC_ALL=C ps -o lstart= -p $$)"
fi
_optimus_boot=
if [ -r /proc/sys/kernel/random/boot_id ]; then IFS= read -r _optimus_boot < /proc/sys/kernel/random/boot_id; fi
set -C
{ printf '%s\\n%s\\n%s\\nend\\n' "$$" "$_optimus_start" "$_optimus_boot" > "$_optimus_folder/supervisor"; } 2>/dev/null || exit 0
set +C
if [ -n "$_optimus_cgroup" ]; then
  trap '' PIPE
  { echo $$ > "$_optimus_cgroup/cgroup.procs"; } 2>&3
  [ -z "$_optimus_other_cgroup" ] || { echo $$ > "$_optimus_other_cgroup/cgroup.procs"; } 2>&3
  trap - PIPE
fi
exec 3>&-
if [ "$_optimus_limit" -gt 0 ]; then
  (
    trap '' HUP INT QUIT TERM
    while sleep ${BOUND_EVERY_S}; do
      [ -d "$_optimus_folder" ] || exit 0
      _optimus_size=$(wc -c < "$_optimus_log") || continue
      [ "$_optimus_size" -gt $((_optimus_limit + ${TAIL_BYTES})) ] || continue
      dd if=/dev/null of="$_optimus_log" bs=1 seek="$_optimus_limit" 2> /dev/null
      printf '\\n${CUT_NOTE} %s bytes: some of what follows is left out\\n' "$_optimus_limit"
    done
  ) &
fi
"$@"
_optimus_code=$?
until { printf '%s\\nend\\n' "$_optimus_code" > "$_optimus_folder/$_optimus_end"; } 2>/dev/null; do
  [ -d "$_optimus_folder" ] || break
  sleep 1
done
kill -s KILL 0
`;

/** What a supervisor is started with. */
export interface SupervisorOptions {
  readonly folder: string;
  readonly command: CommandLine;
  readonly env: Readonly<Record<string, string>>;
  /** Working directory of the task. */
  readonly cwd: string;
  /** Standard output and error of the task. */
  readonly output: Pick<TaskOutput, 'fd' | 'endFile' | 'bound'>;
  /** Folders of the cgroups that it runs in: two at most, where each controller has its own. */
  readonly cgroups: readonly string[];
}

/** A supervisor that has begun, or ended. */
export interface SpawnedSupervisor {
  readonly child: ChildProcess;
  /** Why it has not entered one of its cgroups; empty when it has entered all. */
  readonly problem: string;
}

/** Starts a supervisor as the leader of its own process group, independent of this process's life. Resolves when it has begun, or ended. */
export async function spawnSupervisor(options: SupervisorOptions): Promise<SpawnedSupervisor> {
  const { folder, command, env, cwd, output, cgroups } = options;
  const bound = [String(output.bound?.bytes ?? 0), output.bound?.path ?? ''];
  const [cgroup = '', otherCgroup = ''] = cgroups;
  const own = [folder, output.endFile, ...bound, cgroup, otherCgroup];
  const args = ['-c', SCRIPT, 'optimus-attempt', ...own, ...command];
  const child = spawn('/bin/sh', args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output.fd, output.fd, 'pipe'],
  });
  child.unref();
  await once(child, 'spawn');
  return { child, problem: await readToEnd(child.stdio[3] as Readable) };
}

async function readToEnd(pipe: Readable): Promise<string> {
  const ended = once(pipe, 'close');
  let text = '';
  pipe.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await ended;
  return text.trim();
}

/** Variables of the server that a task gets too: where programs, the home and temporary files are, language and time zone. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ'];

/** The environment of a task: what its request gives, over the few variables of the server that programs cannot do without. */
export function toTaskEnvironment(
  given: Readonly<Record<string, string>>,
  jobDir: string,
): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...given, JOB_DIR: jobDir };
}
