import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DemoFailure } from './demo-failure.ts';
import type { DemoHome } from './demo-home.ts';

/** What a demo with `--keep` left running. */
export interface KeptDemo {
  readonly host: string;
  readonly pids: readonly number[];
}

const pollMs = 50;
const patienceMs = 15_000;

export async function recordKept(home: DemoHome, kept: KeptDemo): Promise<void> {
  await writeFile(toFile(home), `${JSON.stringify(kept)}\n`);
}

/** The demo that was kept and is still up. One whose server does not answer is not: its pids may be anyone's by now. */
export async function findKept(home: DemoHome): Promise<KeptDemo | undefined> {
  const text = await readFile(toFile(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as KeptDemo;
  const answer = await fetch(`http://${kept.host}/ping`).catch(() => undefined);
  return answer?.ok === true ? kept : undefined;
}

/** Ends a kept demo and waits until it is gone. Answers whether there was one. */
export async function stopKept(home: DemoHome): Promise<boolean> {
  const kept = await findKept(home);
  if (!kept) return false;
  for (const pid of kept.pids) sendSignal(pid, 'SIGTERM');
  const lastMoment = performance.now() + patienceMs;
  while (kept.pids.some((pid) => sendSignal(pid, 0))) {
    if (performance.now() > lastMoment)
      throw new DemoFailure(`it does not end; kill -9 ${kept.pids.join(' ')}`);
    await delay(pollMs);
  }
  await rm(toFile(home));
  return true;
}

/** Answers whether there is such a process. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function toFile({ root }: DemoHome): string {
  return path.join(root, 'kept.json');
}
