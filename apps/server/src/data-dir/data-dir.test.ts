import { statSync, symlinkSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { createOnce } from './create-once.ts';
import { openDataDir } from './data-dir.ts';
import { writeServerFile } from './server-file.ts';

describe('a file that is made once', () => {
  it('is the same for all who make it at the same time, and nobody else may read it', async () => {
    const file = join(makeTemporaryFolder(), 'key');
    let made = 0;
    const make = () => `value ${made++}`;
    const values = await Promise.all(Array.from({ length: 20 }, () => createOnce(file, make)));
    expect(new Set(values).size).toBe(1);
    expect(await createOnce(file, make)).toBe(values[0]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(file, '..'))).toEqual(['key']);
  });
});

describe('the data directory', () => {
  it('keeps its host id and its key', async () => {
    const path = join(makeTemporaryFolder(), 'deep', 'down');
    const first = await openDataDir(path);
    const [hostId, key] = [first.hostId, await first.readAppKey()];
    await first.release();
    const second = await openDataDir(path);
    expect([second.hostId, await second.readAppKey()]).toEqual([hostId, key]);
    expect(hostId).toMatch(/^[\w.-]*-[0-9a-f]{8}$/);
    expect(key.length).toBeGreaterThanOrEqual(32);
    expect((await stat(join(path, 'app_key'))).mode & 0o777).toBe(0o600);
    await second.release();
  });

  it('refuses a second server, also by another name', async () => {
    const folder = makeTemporaryFolder();
    const path = join(folder, 'data');
    const first = await openDataDir(path);
    symlinkSync(path, join(folder, 'link'));
    await expect(openDataDir(join(folder, 'link'))).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: `the data directory ${path} is in use by process ${process.pid}`,
    });
    await first.release();
    await (await openDataDir(path)).release();
  });

  it.runIf(process.platform === 'linux')('is refused where the system takes no folder', async () => {
    await expect(openDataDir('/proc/optimus/data')).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('is refused when it cannot be a folder', async () => {
    const file = join(makeTemporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(openDataDir(join(file, 'data'))).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });
});

describe('server.json', () => {
  const address = { host: '127.0.0.1', port: 7 };

  it('tells where the server is, to its user alone, and goes with it', async () => {
    const folder = makeTemporaryFolder();
    const file = await writeServerFile(folder, address);
    const path = join(folder, 'server.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ pid: process.pid, ...address });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await file.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  it('stays when another server has written it since', async () => {
    const folder = makeTemporaryFolder();
    const file = await writeServerFile(folder, address);
    await writeFile(join(folder, 'server.json'), '{"pid":1,"host":"127.0.0.1","port":8}');
    await file.remove();
    expect(await readdir(folder)).toEqual(['server.json']);
  });
});
