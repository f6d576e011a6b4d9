import { setTimeout as delay } from 'node:timers/promises';
import type { OptimusError } from '@optimus/domain';
import { toErrorMessage } from '@optimus/domain';
import { createPluginFailure, createUnusable, type PluginIdentity } from '../plugin-failure.ts';
import { type Handshake, parseHandshake } from './handshake.ts';
import { describeExit, handshakeLimitBytes, type PluginExit, type PluginProcess } from './plugin-process.ts';

export interface HandshakeOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type FirstEvent =
  | { readonly kind: 'line'; readonly line: string | undefined }
  | { readonly kind: 'exit'; readonly exit: PluginExit }
  | { readonly kind: 'timeout' };

/**
 * Waits for the line that says where the plugin listens.
 * @throws OptimusError `PLUGIN_UNUSABLE` saying what came instead
 */
export async function awaitHandshake(
  running: PluginProcess,
  plugin: PluginIdentity,
  options: HandshakeOptions,
): Promise<Handshake> {
  await running.spawned.catch((cause: unknown) => {
    throw createSpawnFailure(plugin, cause);
  });
  const event = await awaitFirstEvent(running, options);
  if (event.kind === 'timeout') throw createTimeout(running, plugin, options);
  if (event.kind === 'exit') throw createEarlyExit(running, plugin, event.exit);
  if (event.line !== undefined) return parseHandshake(event.line, plugin);
  const size = `${Math.floor(handshakeLimitBytes / 1024)} KiB`;
  throw createUnusable(plugin, `wrote ${size} without a handshake line; it was killed`);
}

async function awaitFirstEvent(running: PluginProcess, options: HandshakeOptions): Promise<FirstEvent> {
  const settled = new AbortController();
  const signal = AbortSignal.any([settled.signal, options.signal]);
  const timeout: FirstEvent = { kind: 'timeout' };
  try {
    return await Promise.race([
      running.firstLine.then((line): FirstEvent => ({ kind: 'line', line })),
      running.exited.then((exit): FirstEvent => ({ kind: 'exit', exit })),
      delay(options.timeoutMs, timeout, { signal }).catch(() => timeout),
    ]);
  } finally {
    settled.abort();
  }
}

function createTimeout(
  running: PluginProcess,
  plugin: PluginIdentity,
  { timeoutMs, signal }: HandshakeOptions,
): OptimusError {
  if (signal.aborted) return createUnusable(plugin, 'was stopped while it started');
  const partial = running.partialOutput === '' ? '' : `; so far it wrote "${quote(running.partialOutput)}"`;
  const seconds = timeoutMs / 1000;
  return createUnusable(plugin, `did not finish starting within ${seconds} s (no handshake line)${partial}`);
}

/** The failure of a plugin that ended before it said who it is; quotes its last log lines. */
export function createEarlyExit(
  running: PluginProcess,
  plugin: PluginIdentity,
  exit: PluginExit,
): OptimusError {
  const tail = running.errorTail.join('\n');
  if (exit.code === 1 && tail.includes('This binary is a plugin')) {
    return createUnusable(plugin, 'refused to start: it belongs to another program (magic cookie mismatch)');
  }
  const output = running.partialOutput === '' ? '' : `\nIts output: "${quote(running.partialOutput)}"`;
  const errors = tail === '' ? '' : `\nIts last log lines:\n${tail}`;
  const problem = `ended before it was ready (${describeExit(exit)})${output}${errors}`;
  // Whoever sends a signal says nothing about the file: it is a crash, and may be started again.
  return createPluginFailure(exit.signal === null ? 'PLUGIN_UNUSABLE' : 'PLUGIN_CRASHED', plugin, problem);
}

const spawnProblems: Readonly<Record<string, string>> = {
  EACCES: 'cannot be executed from this file system; is it mounted noexec?',
  EMFILE: 'cannot start: too many open files',
  ENFILE: 'cannot start: too many open files',
  ENOENT: 'cannot start: the file or its interpreter was not found',
};

/** What the system said when it was to open or run the file. */
export function createSpawnFailure(plugin: PluginIdentity, cause: unknown): OptimusError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const problem = spawnProblems[code] ?? `cannot start: ${toErrorMessage(cause)}`;
  return createUnusable(plugin, problem, { cause });
}

function quote(text: string): string {
  return text.trim().slice(0, 200);
}
