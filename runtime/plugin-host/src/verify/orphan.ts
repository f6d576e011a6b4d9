import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Handshake, parseHandshake } from '../process/handshake.ts';
import { endWithHost } from '../process/living-processes.ts';
import { isSameProcessAlive, readStartTime } from '../process/process-identity.ts';
import { createCaseFailure, type Finding } from './conformance-case.ts';
import { createLaunchEnvironment, type LaunchOptions } from './plugin-session.ts';

/** How long a plugin may take to see that its host is gone. */
const orphanGraceMs = 4000;
/** From the signal that nobody can ignore to the end of a process. */
const killGraceMs = 2000;
const lookEveryMs = 50;

/** Stands for the host: starts the plugin, tells its process id, and waits to be killed. */
const hostScript = '"$1" & echo $! >&3; wait';

/**
 * Starts the plugin under a host that is then killed, and does what the next host would.
 */
export async function abandon(options: LaunchOptions): Promise<Finding> {
  const directory = options.runtimeDirectory.createPluginDirectory();
  const host = spawn('/bin/sh', ['-c', hostScript, 'sh', options.file], {
    env: createLaunchEnvironment(options, directory, {}),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that whatever the plugin has started can be ended with it.
    detached: true,
  });
  try {
    await once(host, 'spawn');
    endWithHost(host);
    const { pid, handshake } = await readStart(host, options);
    const startTime = readStartTime(pid);
    await killHost(host);
    if (await fallsSilent(handshake, orphanGraceMs)) return undefined;
    killProcess(pid, startTime);
    return (await fallsSilent(handshake, killGraceMs)) ? undefined : { failed: leftOver };
  } finally {
    killGroup(host.pid);
    directory.remove();
  }
}

const leftOver = 'goes on in another process than the one that the host has started';

async function readStart(host: ChildProcess, options: LaunchOptions) {
  host.stderr?.resume();
  const [pid, line] = await Promise.all([
    readLine(toReadable(host.stdio[3]), options),
    readLine(toReadable(host.stdout), options),
  ]);
  return { pid: Number(pid), handshake: parseHandshake(line, options.plugin) };
}

function toReadable(stream: unknown): Readable {
  if (stream instanceof Readable) return stream;
  throw createCaseFailure('cannot be started with pipes');
}

async function readLine(stream: Readable, { startTimeoutMs }: LaunchOptions): Promise<string> {
  const lines = createInterface(stream);
  const signal = AbortSignal.timeout(startTimeoutMs);
  const ended = once(lines, 'close').then(() => ['']);
  const [line] = await Promise.race([once(lines, 'line', { signal }), ended]);
  if (typeof line === 'string' && line !== '') return line;
  throw createCaseFailure('ended before it was ready');
}

/** With the host go its ends of the pipes. */
async function killHost(host: ChildProcess): Promise<void> {
  const exited = once(host, 'exit');
  host.kill('SIGKILL');
  await exited;
  for (const stream of host.stdio) stream?.destroy();
}

/** A process that has ended but that nobody has taken note of still has an id; what it no longer does is listen. */
async function fallsSilent(handshake: Handshake, graceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += lookEveryMs) {
    if (!(await isListening(handshake))) return true;
    await delay(lookEveryMs);
  }
  return false;
}

function killProcess(pid: number, startTime: string): void {
  if (isSameProcessAlive(pid, startTime)) process.kill(pid, 'SIGKILL');
}

async function isListening({ network, address }: Handshake): Promise<boolean> {
  const at = address.lastIndexOf(':');
  const target =
    network === 'unix'
      ? { path: address }
      : { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
  const socket = connect(target);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left: that is all we want.
  }
}
