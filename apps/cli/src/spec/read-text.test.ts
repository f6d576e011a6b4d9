import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toAssetBytes } from '@optimus/domain';
import { expect, it, onTestFinished } from 'vitest';
import { readAsset, readText } from './read-text.ts';

async function makeFile(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'optimus-text-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'job.yaml');
  await writeFile(file, content);
  return file;
}

it('names the place of the first byte that is no text, and what to do', async () => {
  const file = await makeFile(Buffer.concat([Buffer.from('a: 1\nbc'), Buffer.from([0xff])]));
  expect(readText(file)).toEqual({
    ok: false,
    line: 2,
    column: 3,
    message: 'is not UTF-8 text; write it in UTF-8',
  });
});

it('refuses a specification that is too large to be one, at once, and takes an asset of that size', async () => {
  const file = await makeFile('['.repeat(1024 * 1024 + 1));
  expect(readText(file)).toMatchObject({
    ok: false,
    message: expect.stringContaining('larger than 1 MiB'),
  });
  expect(readAsset(file)).toMatchObject({ ok: true, text: '['.repeat(1024 * 1024 + 1) });
});

it.each([
  [0xff, 0xfe],
  [0x61, 0x00],
])('reads an asset that is no text byte for byte: %s', async (...bytes) => {
  const read = readAsset(await makeFile(Uint8Array.from(bytes)));
  expect(read.ok && [...toAssetBytes(read.text)]).toEqual(bytes);
});

it('says why an asset cannot be read', () => {
  expect(readAsset('/no/such/file')).toMatchObject({ ok: false, message: expect.stringContaining('ENOENT') });
});

it('reads nothing from what may never end', () => {
  for (const read of [readText('/dev/zero'), readAsset('/dev/zero')])
    expect(read).toMatchObject({ ok: false, message: 'is no file, nor a link to one' });
});
