import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireDirectoryLock, type DirectoryLock } from './directory-lock.ts';
import { currentProcessIdentity, type ProcessIdentity } from './process-identity.ts';
import { makeOpenFolder } from './testing/temporary-folder.ts';

const IN_USE = { code: 'DATA_DIR_IN_USE' };

let directory: string;
const held: DirectoryLock[] = [];

beforeEach(() => {
  directory = makeOpenFolder();
});

afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
  rmSync(directory, { recursive: true, force: true });
});

async function acquire(): Promise<DirectoryLock> {
  const lock = await acquireDirectoryLock(directory);
  held.push(lock);
  return lock;
}

/** What a process that was killed, or one elsewhere, leaves in the folder. */
function leaveOwner(id: string, content: string, touchedSecondsAgo = 0): string {
  const folder = join(directory, 'lock');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id}.owner`);
  writeFileSync(file, content);
  writeFileSync(join(folder, `${id}.settled`), '');
  const touched = Date.now() / 1000 - touchedSecondsAgo;
  utimesSync(file, touched, touched);
  return file;
}

function identity(change: Partial<ProcessIdentity>): string {
  return JSON.stringify({ ...currentProcessIdentity(), ...change });
}

describe('a directory', () => {
  it('has one owner at a time, and another once it is released', async () => {
    const first = await acquire();
    await expect(acquire()).rejects.toMatchObject(IN_USE);
    await first.release();
    await first.release();
    await acquire();
  });

  it('keeps nothing of the contenders that were refused', async () => {
    await acquire();
    await expect(acquire()).rejects.toMatchObject(IN_USE);
    expect(readdirSync(join(directory, 'lock')).filter((file) => file.endsWith('.owner'))).toHaveLength(1);
  });

  it('is named, with the mend, when nothing can be written there', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(acquireDirectoryLock(file)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: `the data directory ${file} cannot be made or written`,
      hint: expect.stringContaining('serve.data_dir'),
    });
  });

  it('goes to exactly one of twenty that ask at once', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, acquire));
    expect(asked.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('goes to exactly one of twenty that find a dead owner at once', async () => {
    leaveOwner('0000', identity({ startedAt: 'long ago' }));
    const asked = await Promise.allSettled(Array.from({ length: 20 }, acquire));
    expect(asked.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('an owner that went without a word', () => {
  it('loses the directory when its process is gone', async () => {
    leaveOwner('ffff', identity({ pid: 2 ** 22 + 1 }));
    await expect(acquire()).resolves.toBeDefined();
  });

  it('loses the directory when its pid now names a younger process', async () => {
    leaveOwner('ffff', identity({ startedAt: '1' }));
    await expect(acquire()).resolves.toBeDefined();
  });

  it('loses the directory when a full disk has cut its file short and it has been silent', async () => {
    leaveOwner('ffff', '{"pid":', 60);
    await expect(acquire()).resolves.toBeDefined();
  });
});

describe('an owner in another container or on another machine', () => {
  it('loses the directory at once when it has been silent for long', async () => {
    leaveOwner('ffff', identity({ space: 'elsewhere' }), 60);
    await expect(acquire()).resolves.toBeDefined();
  });

  it('keeps the directory as long as it touches its file', async () => {
    const file = leaveOwner('ffff', identity({ space: 'elsewhere' }), 5);
    const heartbeat = setInterval(() => utimesSync(file, new Date(), new Date()), 200);
    await expect(acquire()).rejects.toMatchObject(IN_USE);
    clearInterval(heartbeat);
  });
});
