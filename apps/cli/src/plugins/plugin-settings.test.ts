import { describe, expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { createTemporaryFolder, writeFiles } from '../testing/temporary-folder.ts';
import { readPluginSettings } from './plugin-settings.ts';

const sum = 'ab'.repeat(32);

async function read(config: string, env: Readonly<Record<string, string>> = {}, dirs: string[] = []) {
  const cwd = await createTemporaryFolder();
  if (config !== '') {
    await writeFiles(cwd, { 'optimus.yaml': `version: 1\nproject: { name: n }\nplugin: ${config}\n` });
  }
  const terminal = { ...captureTerminal(cwd), env };
  return { cwd, settings: await readPluginSettings({ flags: new Flags({ pluginDir: dirs }), terminal }) };
}

describe('how plugins run on the client', () => {
  it('is as on a server that says nothing of it', async () => {
    const { settings } = await read('', { HOME: '/home/kush' });
    expect(settings).toMatchObject({
      dirs: [],
      home: '/home/kush',
      autoMtls: false,
      checksums: {},
      allowForeignWriters: false,
      ignoreCwd: false,
    });
  });

  it('stands in the configuration, under the words of the server', async () => {
    const config = `{ auto_mtls: true, allow_foreign_writers: true, ignore_current_directory: true, checksums: { a: ${sum} } }`;
    const { settings } = await read(config);
    expect(settings).toMatchObject({
      autoMtls: true,
      checksums: { a: sum },
      allowForeignWriters: true,
      ignoreCwd: true,
    });
  });

  it('is told by variables first', async () => {
    const env = {
      OPTIMUS_PLUGIN_AUTO_MTLS: 'false',
      OPTIMUS_PLUGIN_CHECKSUMS: `b=${sum}`,
      OPTIMUS_PLUGIN_IGNORE_CURRENT_DIRECTORY: 'true',
    };
    const { settings } = await read(`{ auto_mtls: true, checksums: { a: ${sum} } }`, env);
    expect(settings).toMatchObject({ autoMtls: false, checksums: { b: sum }, ignoreCwd: true });
  });

  it('adds up the folders: those of the flag, of the variable, of the configuration', async () => {
    const { cwd, settings } = await read('{ dirs: [c] }', { OPTIMUS_PLUGIN_DIRS: '/b1, /b2' }, ['/a']);
    expect(settings.dirs).toEqual(['/a', '/b1', '/b2', `${cwd}/c`]);
  });

  it.each([
    ['OPTIMUS_PLUGIN_AUTO_MTLS', 'maybe', 'OPTIMUS_PLUGIN_AUTO_MTLS: is "maybe", must be true or false'],
    ['OPTIMUS_PLUGIN_CHECKSUMS', 'a=12', 'OPTIMUS_PLUGIN_CHECKSUMS: a is not a SHA-256'],
    ['OPTIMUS_PLUGIN_CHECKSUMS', '{', 'OPTIMUS_PLUGIN_CHECKSUMS: must be a map'],
  ])('is refused when %s is %s', async (variable, value, message) => {
    await expect(read('', { [variable]: value })).rejects.toThrow(message);
  });
});
