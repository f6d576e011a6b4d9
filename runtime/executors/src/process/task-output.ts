import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type FileHandle, open, rm, unlink } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CommandLine } from './process-image.ts';

// Keeps the reading end of the task's output open, so that a killed filter costs the task nothing, and starts the filter again. A
// filter that does not stay up is given up: the output goes nowhere then, never into the log as it is.
//
// Secrets come by descriptor 3 and stay in memory, for every filter anew: no file, no argument and no environment has them.
const SCRIPT = `
_optimus_folder=$1
shift
_optimus_secrets=$(cat <&3)
exec 3<&-
_optimus_starts=1
until "$@" 3<<OPTIMUS_SECRETS
$_optimus_secrets
OPTIMUS_SECRETS
do
  [ "$_optimus_starts" -lt 5 ] || break
  [ "$_optimus_starts" -lt 3 ] || sleep 1
  _optimus_starts=$((_optimus_starts + 1))
  export OPTIMUS_LOG_RESUMED=1
done
if [ "$_optimus_starts" -ge 5 ]; then
  printf '\\n[optimus] the rest of the output is left out: it could not be masked\\n'
  until cat > /dev/null 2>&1; do
    [ -e "$_optimus_folder/code" ] && break
    [ -d "$_optimus_folder" ] || break
    sleep 1
  done
fi
mv -f "$_optimus_folder/code" "$_optimus_folder/exit" 2> /dev/null || :
`;

/** Where a task writes to. */
export interface TaskOutput {
  /** Open for writing: standard output and error of the supervisor. */
  readonly fd: number;
  /** The file that the supervisor tells the exit code in: `code` when somebody else publishes it once the log is complete. */
  readonly endFile: 'exit' | 'code';
  /** The log that the supervisor keeps near this size; absent when somebody else does. */
  readonly bound?: { readonly path: string; readonly bytes: number };
  /** Lets go of it in this process. */
  close(): Promise<void>;
}

/** Where the output of an attempt goes, and what must not be in it. */
export interface TaskOutputOptions {
  /** Of the attempt, and of its log, absolute. */
  readonly folder: { readonly path: string; readonly logPath: string };
  /** Empty: the output goes into the log as it is. */
  readonly secrets: readonly string[];
  readonly filter: CommandLine;
  readonly maxLogBytes: number;
}

/** The program that masks, from the sources that this file belongs to. */
export const SOURCE_LOG_FILTER: CommandLine = [
  process.execPath,
  '--conditions=source',
  fileURLToPath(new URL(`./log-filter/main${extname(import.meta.url)}`, import.meta.url)),
];

/** Opens the log itself or, when the attempt has secrets, a pipe to a filter that outlives this process. */
export async function openTaskOutput(options: TaskOutputOptions): Promise<TaskOutput> {
  const { folder, secrets, maxLogBytes } = options;
  if (secrets.length > 0) return openFilteredOutput(options);
  const fd = openSync(folder.logPath, 'a', 0o600);
  const bound = { path: folder.logPath, bytes: maxLogBytes };
  return { fd, endFile: 'exit', bound, close: async () => closeSync(fd) };
}

async function openFilteredOutput(options: TaskOutputOptions): Promise<TaskOutput> {
  const { folder } = options;
  const [readable, writable] = await openPipe(join(folder.path, 'output'));
  try {
    await startFilter(readable, options);
    return { fd: writable.fd, endFile: 'code', close: () => writable.close() };
  } catch (thrown) {
    await writable.close();
    throw thrown;
  } finally {
    await readable.close();
  }
}

/** Without the server's environment: it would show the server's own secrets to whoever may look at the process. */
async function startFilter(
  readable: FileHandle,
  { folder, secrets, filter, maxLogBytes }: TaskOutputOptions,
): Promise<void> {
  const log = await open(folder.logPath, 'a', 0o600);
  try {
    const args = ['-c', SCRIPT, 'optimus-log', folder.path, ...filter, folder.path, String(maxLogBytes)];
    const { PATH = '' } = process.env;
    const child = spawn('/bin/sh', args, {
      cwd: '/',
      env: { PATH },
      detached: true,
      stdio: [readable.fd, log.fd, 'ignore', 'pipe'],
    });
    child.unref();
    await once(child, 'spawn');
    await pipeline(JSON.stringify(secrets), child.stdio[3] as Writable);
  } finally {
    await log.close();
  }
}

const run = promisify(execFile);

/**
 * Both ends of a pipe. Node itself makes pairs of sockets, which a task cannot open again by `/dev/stdout`; so the pipe is made by
 * name, opened, and its name removed. The first handle is only there so that opening the ends does not wait for the other one.
 */
async function openPipe(path: string): Promise<readonly [FileHandle, FileHandle]> {
  // Of a start that was cut short.
  await rm(path, { force: true });
  await run('mkfifo', ['-m', '600', path]);
  const both = await open(path, 'r+');
  try {
    const readable = await open(path, 'r');
    const writable = await open(path, 'w');
    await unlink(path);
    return [readable, writable];
  } finally {
    await both.close();
  }
}
