import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { thisPlatform } from '@optimus/plugin-host';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Flags } from '../../command-line/flags.ts';
import { craftTarGz } from '../../testing/archives.ts';
import { captureTerminal } from '../../testing/captured-terminal.ts';
import { installNeoPlugin } from '../../testing/neo-plugin.ts';
import { createTemporaryFolder } from '../../testing/temporary-folder.ts';
import { run as describePlugin } from './describe.ts';
import { run as install } from './install.ts';
import { run as list } from './list.ts';
import { run as remove } from './remove.ts';

const { os, arch } = thisPlatform;
const neoFile = `optimus-neo_${os}_${arch}`;
const versioned = `optimus-neo_0.1.0_${os}_${arch}`;

let home: string;
let cwd: string;
let installed: string;
let program: string;

beforeEach(async () => {
  home = await createTemporaryFolder();
  cwd = await createTemporaryFolder();
  installed = path.join(home, '.optimus', 'plugins');
  program = await readFile(path.join(await installNeoPlugin(cwd), neoFile), 'utf8');
});

type Command = typeof install;

async function type(
  command: Command,
  args: readonly string[],
  given: Readonly<Record<string, unknown>> = {},
) {
  const terminal = { ...captureTerminal(cwd), env: { ...process.env, HOME: home } };
  await command({ args, flags: new Flags(given), terminal });
  return { printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') };
}

const sumOf = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const neoPath = () => path.join('plugins', neoFile);
const put = async (name: string, content: string | Buffer, mode = 0o644) => {
  await writeFile(path.join(cwd, name), content);
  await chmod(path.join(cwd, name), mode);
};

async function publish(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const server = createServer((request, response) => {
    const content = files[request.url ?? ''];
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('installing', () => {
  it('puts a program where hosts find it, and says so again the second time', async () => {
    const target = path.join(installed, neoFile);
    expect((await type(install, [neoPath()])).printed).toBe(`task neo 0.1.0 is installed as ${target}`);
    expect((await type(install, [neoPath()])).printed).toBe(`task neo 0.1.0 is installed already: ${target}`);
    expect((await stat(target)).mode & 0o777).toBe(0o755);
    expect(await readdir(installed)).toEqual([neoFile]);
  });

  it('names a program after what it says of itself', async () => {
    await put('my-build', program);
    await type(install, ['my-build']);
    expect(await readdir(installed)).toEqual([versioned]);
  });

  it('takes the plugin of this machine out of an archive that lists its sum', async () => {
    const archive = craftTarGz([{ path: versioned, text: program }]);
    await put('neo.tar.gz', archive);
    await put('checksums.txt', `${sumOf(archive)}  neo.tar.gz\n`);
    await type(install, ['neo.tar.gz']);
    expect(await readFile(path.join(installed, versioned), 'utf8')).toBe(program);
  });

  it('takes a plugin that a file describes', async () => {
    await put('copy.yaml', 'name: copy\nplugintype: task\npluginversion: 1.0.0\nimage: i:1\n');
    await type(install, ['copy.yaml']);
    expect(await readdir(installed)).toEqual(['optimus-plugin-copy.yaml']);
  });

  it('keeps other versions, and with --replace none', async () => {
    await put(`optimus-neo_0.0.9_${os}_${arch}`, program, 0o755);
    await type(install, [`optimus-neo_0.0.9_${os}_${arch}`], { dir: installed });
    await type(install, [neoPath()]);
    expect(await readdir(installed)).toHaveLength(2);
    const { printed } = await type(install, [neoPath()], { replace: true });
    expect(printed).toContain('removed');
    expect(await readdir(installed)).toEqual([neoFile]);
  });

  it('refuses another file of the same version, unless it is to replace it', async () => {
    await type(install, [neoPath()]);
    await put(neoPath(), `${program}\n# rebuilt\n`, 0o755);
    await expect(type(install, [neoPath()])).rejects.toMatchObject({ code: 'PLUGIN_EXISTS' });
    expect((await type(install, [neoPath()], { replace: true })).printed).toContain('replaces');
  });

  it('says when what it installed is not used', async () => {
    const { noted } = await type(install, [neoPath()], { dir: 'elsewhere' });
    expect(noted).toContain('nobody looks into');
    const hidden = await type(install, [neoPath()], { pluginDir: [path.join(cwd, 'plugins')] });
    expect(hidden.noted).toContain(`${path.join(cwd, neoPath())} hides it`);
  });
});

describe('installing is refused, and leaves nothing behind,', () => {
  const refuses = async (args: readonly string[], given: Readonly<Record<string, unknown>> = {}) => {
    const error: unknown = await type(install, args, given).catch((thrown: unknown) => thrown);
    expect(await readdir(installed)).toEqual([]);
    return error;
  };

  it('when the sum is another', async () => {
    expect(await refuses([neoPath()], { checksum: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      code: 'PLUGIN_SOURCE_INVALID',
      message: expect.stringContaining('but --checksum says 000'),
    });
    await put(path.join('plugins', 'checksums.txt'), `${'1'.repeat(64)}  ${neoFile}\n`);
    expect(await refuses([neoPath()])).toMatchObject({
      message: expect.stringContaining('checksums.txt says 111'),
    });
  });

  it('when the program does not start as a plugin, naming what was given', async () => {
    await put('hello', '#!/bin/sh\necho hello\n');
    const error = await refuses(['hello']);
    expect(error).toMatchObject({
      code: 'PLUGIN_UNUSABLE',
      message: expect.stringContaining(`(${path.join(cwd, 'hello')}): did not start as an Optimus plugin`),
    });
  });

  it('when it is no program, or not there', async () => {
    await put('notes.txt', 'just text');
    expect(await refuses(['notes.txt'])).toMatchObject({
      message: expect.stringContaining('is not a program'),
    });
    expect(await refuses(['nothing'])).toMatchObject({
      message: expect.stringContaining('nothing is not there'),
    });
    expect(await refuses(['plugins'])).toMatchObject({ message: expect.stringContaining('is not a file') });
  });

  it('when a file that describes a plugin has an unknown field', async () => {
    await put('copy.yaml', 'name: copy\nplugintype: task\npluginversion: 1.0.0\nimage: i:1\nimmage: x\n');
    expect(await refuses(['copy.yaml'])).toMatchObject({ message: expect.stringContaining('immage') });
  });
});

describe('installing from an address', () => {
  it('checks the sum that is published beside it', async () => {
    const archive = craftTarGz([{ path: versioned, text: program }]);
    const sums = `${sumOf(archive)}  neo.tar.gz\n`;
    const address = await publish({ '/v1/neo.tar.gz': archive, '/v1/checksums.txt': sums });
    expect((await type(install, [`${address}/v1/neo.tar.gz`])).printed).toContain('task neo 0.1.0');
    const wrong = await publish({
      '/neo.tar.gz': Buffer.concat([archive, Buffer.from('x')]),
      '/checksums.txt': sums,
    });
    await expect(type(install, [`${wrong}/neo.tar.gz`])).rejects.toThrow('has the SHA-256');
  });

  it('is refused over http when nothing vouches for it, unless told otherwise', async () => {
    const address = `${await publish({ [`/${neoFile}`]: program })}/${neoFile}`;
    await expect(type(install, [address])).rejects.toMatchObject({
      hint: expect.stringContaining('--checksum sha256:<hex>'),
    });
    await type(install, [address], { checksum: sumOf(program) });
    const { noted, printed } = await type(install, [address], { insecure: true });
    expect(noted).toContain('it is taken as it comes');
    expect(printed).toContain('is installed already');
  });

  it('is refused when the published list does not have it', async () => {
    const files = { [`/${neoFile}`]: program, '/checksums.txt': `${sumOf('x')}  other\n` };
    await expect(type(install, [`${await publish(files)}/${neoFile}`])).rejects.toThrow('is not listed in');
  });

  it('never prints a password', async () => {
    const error: unknown = await type(install, ['https://kush:s3cret@example.io/neo']).catch(
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ message: expect.stringContaining('user or password') });
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
  });
});

it('an install that was killed leaves only what the next one sweeps', async () => {
  const gone = path.join(installed, '.optimus-install-4194305-abc');
  const busy = path.join(installed, `.optimus-install-${process.pid}-def`);
  await mkdir(gone, { recursive: true });
  await mkdir(busy);
  await writeFile(path.join(gone, neoFile), 'half of a program', { mode: 0o755 });
  expect((await type(list, [], { output: 'json' })).printed).toBe('[]');
  await type(install, [neoPath()]);
  expect(await readdir(installed)).toEqual([path.basename(busy), neoFile]);
});

describe('describing', () => {
  it('tells what a plugin asks, what it fills in, and the sum of its file', async () => {
    await type(install, [neoPath()]);
    const { printed } = await type(describePlugin, ['neo'], { output: 'json' });
    expect(JSON.parse(printed)).toMatchObject({
      name: 'neo',
      questions: [{ name: 'Start' }, { name: 'End' }],
      defaultConfig: { SECRET_KEY: '{{.secret.neo_api_key}}' },
      file: { sha256: sumOf(program), dialect: 'odpf.optimus.plugins.v1beta1', largestRequest: 'any' },
    });
  });

  it('says why a plugin does not run, and suggests the nearest name', async () => {
    await type(install, [neoPath()]);
    await expect(type(describePlugin, ['noe'])).rejects.toThrow('did you mean "neo"?');
    await chmod(path.join(installed, neoFile), 0o644);
    await expect(type(describePlugin, ['neo'])).rejects.toMatchObject({
      code: 'PLUGIN_UNUSABLE',
      message: expect.stringContaining('chmod +x'),
    });
  });
});

describe('removing', () => {
  it('takes one version, or all', async () => {
    await type(install, [neoPath()]);
    await put(versioned, program);
    await type(install, [versioned]);
    await type(remove, ['neo'], { version: '0.1.0', yes: true });
    expect(await readdir(installed)).toEqual([neoFile]);
    expect((await type(remove, ['neo'], { yes: true })).printed).toBe(
      `removed ${path.join(installed, neoFile)}`,
    );
    expect(await readdir(installed)).toEqual([]);
  });

  it('asks before, and without a terminal wants --yes', async () => {
    await type(install, [neoPath()]);
    await expect(type(remove, ['neo'])).rejects.toMatchObject({ fields: { flag: 'yes' } });
    expect(await readdir(installed)).toEqual([neoFile]);
  });

  it('says where a plugin lies that is not in the folder, and which versions there are', async () => {
    const elsewhere = { pluginDir: [path.join(cwd, 'plugins')], yes: true };
    await expect(type(remove, ['neo'], elsewhere)).rejects.toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
      hint: expect.stringContaining(path.join(cwd, neoPath())),
    });
    await type(install, [neoPath()]);
    await expect(type(remove, ['neo'], { version: '9', yes: true })).rejects.toMatchObject({
      hint: 'its versions: (none)',
    });
  });
});
