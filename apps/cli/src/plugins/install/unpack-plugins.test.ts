import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { thisPlatform } from '@optimus/plugin-host';
import { describe, expect, it } from 'vitest';
import { type CraftedEntry, craftTarGz, craftZip } from '../../testing/archives.ts';
import { createTemporaryFolder } from '../../testing/temporary-folder.ts';
import { defaultArchiveLimits, findArchiveFormat, unpackPlugins } from './unpack-plugins.ts';

const { os, arch } = thisPlatform;
const neo = `optimus-neo_0.1.0_${os}_${arch}`;
const kinds = [
  ['tar.gz', craftTarGz],
  ['zip', craftZip],
] as const;

async function unpack(
  craft: (entries: readonly CraftedEntry[]) => Buffer,
  entries: readonly CraftedEntry[],
  limits = defaultArchiveLimits,
) {
  const folder = await createTemporaryFolder();
  const into = await createTemporaryFolder();
  const file = path.join(folder, 'archive');
  await writeFile(file, craft(entries));
  const format = await findArchiveFormat(file);
  if (format === undefined) throw new TypeError('it was not recognized');
  const files = await unpackPlugins({ file, format, shownAs: 'the archive' }, into, limits);
  return { files: files.map((each) => path.relative(into, each)), into };
}

describe.each(kinds)('a %s', (_, craft) => {
  it('gives the plugins for this machine, wherever in it they lie', async () => {
    const { files, into } = await unpack(craft, [
      { path: 'release/README.md', text: 'read me' },
      { path: `release/bin/${neo}`, text: 'program' },
      { path: 'release/bin/optimus-neo_0.1.0_plan9_386', text: 'of another machine' },
      { path: 'release/optimus-plugin-copy.yaml', text: 'name: copy' },
      { path: 'release/latest', linkTo: 'bin' },
    ]);
    expect(files).toEqual([neo, 'optimus-plugin-copy.yaml']);
    expect(await readdir(into)).toEqual(files);
    expect(await readFile(path.join(into, neo), 'utf8')).toBe('program');
  });

  it('says what it holds instead of a plugin for this machine', async () => {
    const entries = [{ path: 'optimus-neo_0.1.0_plan9_386', text: 'x' }];
    await expect(unpack(craft, entries)).rejects.toMatchObject({
      code: 'PLUGIN_SOURCE_INVALID',
      message: `the archive holds no plugin for ${os}/${arch}, but optimus-neo_0.1.0_plan9_386; nothing was installed`,
    });
  });

  it.each([`../../${neo}`, `a/../../${neo}`, `/tmp/${neo}`, '../README.md'])(
    'is refused when it holds %s',
    async (name) => {
      const entries = [
        { path: name, text: 'x' },
        { path: neo, text: 'x' },
      ];
      // The library for zip has this rule itself.
      await expect(unpack(craft, entries)).rejects.toThrow(
        /leads out of the folder|invalid relative path|absolute path/,
      );
    },
  );

  it('is refused when a plugin in it is a link', async () => {
    await expect(unpack(craft, [{ path: neo, linkTo: '/etc/passwd' }])).rejects.toThrow('as a link');
  });

  it('is refused when it holds a plugin twice', async () => {
    const entries = [
      { path: `a/${neo}`, text: 'x' },
      { path: `b/${neo}`, text: 'y' },
    ];
    await expect(unpack(craft, entries)).rejects.toThrow(`holds "${neo}" twice`);
  });

  it('is refused before it fills the disk', async () => {
    const bomb = [{ path: 'zeros', claimedBytes: 2 ** 31 }];
    await expect(unpack(craft, bomb)).rejects.toThrow('unpacks to more than 1024 MiB');
    const many = Array.from({ length: 4 }, (_each, index) => ({ path: String(index), text: 'x' }));
    await expect(unpack(craft, many, { ...defaultArchiveLimits, maxEntries: 3 })).rejects.toThrow(
      'holds more than 3 entries',
    );
  });

  it('is refused when it was cut off', async () => {
    const cut = (entries: readonly CraftedEntry[]) => {
      const whole = craft(entries);
      return whole.subarray(0, whole.byteLength - 30);
    };
    const entries = [{ path: neo, text: 'x'.repeat(5000) }];
    await expect(unpack(cut, entries)).rejects.toMatchObject({ code: 'PLUGIN_SOURCE_INVALID' });
  });
});

it('other files are no archives', async () => {
  const file = path.join(await createTemporaryFolder(), 'plugin.zip');
  await writeFile(file, '#!/bin/sh\n');
  expect(await findArchiveFormat(file)).toBeUndefined();
  await writeFile(file, '');
  expect(await findArchiveFormat(file)).toBeUndefined();
});
