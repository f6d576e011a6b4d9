import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd] working folder
 * @property {NodeJS.ProcessEnv} [env] the whole environment of the child
 * @property {boolean} [capture] collect output instead of passing it through
 * @property {boolean} [disposable] kill the child at once on any signal: its work is begun again from nothing
 *
 * @typedef {object} ChildResult
 * @property {number} code the exit code; 128 + signal number when a signal ended the child
 * @property {string} output stdout and stderr in order of arrival, when captured
 */

const forwardedSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** npm and the terminal both deliver Ctrl-C: the copies arrive within this time of each other. */
const sameKeyPressMs = 300;
/** How long a child may clean up after a signal before its whole group is killed. */
const cleanUpMs = 30_000;

/** The signal that asked this process to stop, if one did. */
let stopSignal = /** @type {NodeJS.Signals | undefined} */ (undefined);
/** @type {Map<import('node:child_process').ChildProcess, ChildOptions>} */
const running = new Map();
let lastSignalAt = 0;

/**
 * Runs a program to its end. On POSIX the child leads its own process group: it gets each signal once,
 * forwarded from here. What a captured child leaves running is killed with
 * it, as is what any child leaves that a signal ended.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<ChildResult>} never rejects for an exit code; rejects when the program cannot start
 */
export async function runChild(command, args, options = {}) {
  const { cwd, env = process.env, capture = false } = options;
  if (stopSignal) return { code: signalCode(stopSignal), output: '' };
  listenForSignals();
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    detached: process.platform !== 'win32',
  });
  running.set(child, options);
  try {
    return await awaitEnd(child, capture);
  } finally {
    running.delete(child);
  }
}

/** The exit code of this process when a signal has asked it to stop, else undefined. */
export function stopCode() {
  return stopSignal && signalCode(stopSignal);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} capture
 * @returns {Promise<ChildResult>}
 */
function awaitEnd(child, capture) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_, signal) => {
      // What outlives a captured child may hold its pipes open, and `close` would never come.
      if (stopSignal || signal || capture) killGroup(child);
    });
    child.once('close', (code, signal) =>
      resolve({ code: signal ? signalCode(signal) : (code ?? 1), output }),
    );
  });
}

function listenForSignals() {
  for (const signal of forwardedSignals) {
    if (process.listeners(signal).includes(forwardSignal)) continue;
    process.on(signal, forwardSignal);
  }
}

/** @param {NodeJS.Signals} signal */
function forwardSignal(signal) {
  const now = Date.now();
  if (signal === stopSignal && now - lastSignalAt < sameKeyPressMs) return;
  lastSignalAt = now;
  if (!stopSignal) setTimeout(signalAll, cleanUpMs, 'SIGKILL').unref();
  stopSignal = signal;
  // A console Ctrl-C already reaches every process on Windows, and a forwarded one would be a kill there.
  if (process.platform !== 'win32') signalAll(signal);
}

/** @param {NodeJS.Signals} signal */
function signalAll(signal) {
  for (const [child, { disposable }] of running) {
    if (disposable || signal === 'SIGKILL') killGroup(child);
    else child.kill(signal);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is already empty, which is what we want.
  }
}

/** @param {NodeJS.Signals} signal */
function signalCode(signal) {
  return 128 + constants.signals[signal];
}
