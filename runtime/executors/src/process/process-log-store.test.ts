import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CUT_NOTE } from './log-cut.ts';
import { createProcessLogStore } from './process-log-store.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'logs-'));
  await mkdir(join(dataDir, 'logs'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const write = (text: string) => writeFile(join(dataDir, 'logs', '1.log'), text);

async function read(offset: number) {
  const { data, nextOffset } = await createProcessLogStore({ dataDir }).read('1', offset, 1000);
  return [Buffer.from(data).toString(), nextOffset] as const;
}

describe('a reader of a log that was cut behind it', () => {
  it('goes on where the log does', async () => {
    const cut = `begin\n\n${CUT_NOTE} 6 bytes: …\n`;
    await write(`${cut}the end\n`);
    const [text, next] = await read(1_000);
    expect(text).toBe(`\n${CUT_NOTE} 6 bytes: …\nthe end\n`);
    expect(await read(next)).toEqual(['', next]);
  });

  it('waits for a log that is written anew to be as long again', async () => {
    await write('begin\n');
    expect(await read(1_000)).toEqual(['', 1_000]);
    expect(await read(6)).toEqual(['', 6]);
  });
});
