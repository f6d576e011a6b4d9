import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { createPluginHost } from '@optimus/plugin-host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../e2e/stage/run-command.ts';
import { toPluginFileName } from './go-plugin/plugin-stage.ts';
import {
  type AuthorStage,
  hasProgram,
  installModules,
  setAuthorStage,
} from './plugin-authoring/author-stage.ts';

const [os = '', arch = ''] = toPluginFileName('x').split('_').slice(1);
const thisMachine = `${os}/${arch}`;
const toProgramName = (name: string, version: string) => `optimus-${name}_${version}_${os}_${arch}`;

/** What a plugin in a folder says of itself and answers, asked by our host. */
async function askPlugin(folder: string, name: string) {
  const nowhere = path.join(folder, 'nowhere');
  const places = { dirs: [folder], cwd: nowhere, execDir: nowhere, home: nowhere };
  const host = createPluginHost({ ...places, log: SILENT_LOG });
  try {
    const entries = await host.list();
    const entry = entries.find(({ path: file }) => path.basename(file).startsWith(`optimus-${name}_`));
    if (entry?.state !== 'ready') throw new Error(JSON.stringify(entries));
    const { info } = entry;
    return { info, questions: await host.getQuestions(info.kind, info.name, 'greet') };
  } finally {
    await host.stop();
  }
}

/** The digests that the file of a folder names, and those of the files that are there. */
async function readDigests(folder: string) {
  const lines = (await readFile(path.join(folder, 'checksums.txt'), 'utf8')).trimEnd().split('\n');
  const named = Object.fromEntries(lines.map((line) => line.split('  ').toReversed()));
  const names = (await readdir(folder)).filter((name) => name !== 'checksums.txt');
  const found = names.map(async (name) => [name, await digestOf(path.join(folder, name))]);
  return { named, found: Object.fromEntries(await Promise.all(found)) };
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

const listArchive = (stage: AuthorStage, archive: string) => stage.must(['tar', '-tzvf', archive]);

describe('a new plugin in TypeScript', () => {
  let stage: AuthorStage;
  const plugin = 'task/hello';
  const inDist = (...names: readonly string[]) => path.join(stage.folder, plugin, 'dist', ...names);

  beforeAll(async () => {
    stage = await setAuthorStage();
    await stage.optimus(['plugin', 'create', 'hello', '--image', 'example.io/optimus-task-hello']);
    await installModules(stage, plugin);
  }, 300_000);

  afterAll(() => stage.clear());

  it('type-checks and passes its tests as it is', async () => {
    await stage.must(['npm', 'run', '--silent', 'types'], plugin);
    expect(await stage.must(['npm', 'test', '--silent'], plugin)).toContain('fail 0');
  });

  it('builds for every platform that starts scripts, and says which are left', async () => {
    const { stdout, stderr } = await stage.tryOptimus([
      'plugin',
      'build',
      plugin,
      '--plugin-version',
      '1.2.3',
    ]);
    const pairs = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];
    const archives = pairs.map((pair) => `hello_1.2.3_${pair}.tar.gz`);
    expect(stdout.trim().split('\n')).toEqual(archives.map((name) => path.join(plugin, 'dist', name)));
    expect(stderr).toContain('not built: windows/amd64, windows/arm64');
    const programs = pairs.map((pair) => `optimus-hello_1.2.3_${pair}`);
    expect((await readdir(inDist())).toSorted()).toEqual(
      ['checksums.txt', ...archives, ...programs].toSorted(),
    );
  });

  it('is served to our host with the version and the image that it was built with', async () => {
    const { info, questions } = await askPlugin(inDist(), 'hello');
    expect(info).toMatchObject({
      name: 'hello',
      kind: 'task',
      version: '1.2.3',
      image: 'example.io/optimus-task-hello-executor:1.2.3',
    });
    expect(questions).toMatchObject([{ name: 'Greeting', default: 'hello' }]);
  });

  it('lists the digest of every file', async () => {
    const { named, found } = await readDigests(inDist());
    expect(named).toEqual(found);
  });

  it('has nothing in an archive but the executable', async () => {
    const listing = await listArchive(stage, inDist(`hello_1.2.3_${os}_${arch}.tar.gz`));
    const [line = '', ...more] = listing.trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(line).toMatch(/^-rwxr-xr-x /);
    expect(line.endsWith(` ${toProgramName('hello', '1.2.3')}`)).toBe(true);
  });

  it('is the same to the byte when it is built again elsewhere', async () => {
    const before = await readDigests(inDist());
    await cp(path.join(stage.folder, plugin), path.join(stage.folder, 'copy'), { recursive: true });
    await stage.optimus(['plugin', 'build', 'copy', '--plugin-version', '1.2.3', '--output-dir', 'again']);
    expect(await readDigests(path.join(stage.folder, 'again'))).toEqual(before);
  });

  it('keeps the last build when its source does not build', async () => {
    const before = await readDigests(inDist());
    await stage.must(['sh', '-c', 'echo "import nothing from" >> src/main.ts'], 'copy');
    const dist = path.join(stage.folder, plugin, 'dist');
    const { code, stderr } = await stage.tryOptimus(['plugin', 'build', 'copy', '--output-dir', dist]);
    expect(code).toBe(1);
    expect(stderr).toContain('hello does not bundle');
    expect(await readDigests(inDist())).toEqual(before);
    expect(await readdir(path.join(stage.folder, plugin))).not.toContainEqual(
      expect.stringMatching(/^\.dist/),
    );
  });

  it('needs no Node when it was built standalone', { timeout: 300_000 }, async () => {
    await stage.optimus(['plugin', 'build', plugin, '--standalone', '--output-dir', 'alone']);
    const alone = path.join(stage.folder, 'alone');
    const program = path.join(alone, toProgramName('hello', '0.1.0'));
    const byHand = await runCommand([program], { cwd: alone, env: { PATH: '' } });
    expect(byHand).toMatchObject({ code: 1, stdout: '' });
    expect(byHand.stderr).toContain('This binary is a plugin');
    expect((await askPlugin(alone, 'hello')).info).toMatchObject({ name: 'hello', version: '0.1.0' });
  });

  it('names the tool that is not installed', async () => {
    await stage.optimus(['plugin', 'create', 'bare']);
    const { code, stderr } = await stage.tryOptimus(['plugin', 'build', 'task/bare']);
    expect(code).toBe(1);
    expect(stderr).toContain('has no esbuild installed');
    expect(existsSync(path.join(stage.folder, 'task/bare/dist'))).toBe(false);
  });
});

const hasGo = await hasProgram('go', ['version']);

describe.skipIf(!hasGo)(`a new plugin in Go${hasGo ? '' : ' (skipped: there is no Go)'}`, () => {
  let stage: AuthorStage;
  const plugin = 'hook/tell';
  const build = (source: string, output: string) => {
    const flags = ['--os-arch', thisMachine, '--plugin-version', '2.0.0-rc.1', '--wrapped'];
    return stage.optimus(['plugin', 'build', source, ...flags, '--output-dir', output]);
  };

  beforeAll(async () => {
    stage = await setAuthorStage();
    await stage.optimus(['plugin', 'create', 'tell', '--kind', 'hook', '--language', 'go']);
    await build(plugin, 'out');
  }, 600_000);

  afterAll(() => stage.clear());

  it('is formatted, vetted and passes its tests as it is', { timeout: 600_000 }, async () => {
    expect(await stage.must(['gofmt', '-l', '.'], plugin)).toBe('');
    await stage.must(['go', 'vet', './...'], plugin);
    expect(await stage.must(['go', 'test', './...'], plugin)).toMatch(/^ok\s/m);
  });

  it('is served to our host with the version and the wrapped image that it was built with', async () => {
    const { info, questions } = await askPlugin(path.join(stage.folder, 'out'), 'tell');
    expect(info).toMatchObject({
      name: 'tell',
      kind: 'hook',
      hookType: 'post',
      version: '2.0.0-rc.1',
      image: 'optimus-hook-tell:2.0.0-rc.1',
    });
    expect(questions).toMatchObject([{ name: 'Greeting', default: 'hello' }]);
  });

  it('is the same to the byte when it is built again elsewhere', { timeout: 600_000 }, async () => {
    await cp(path.join(stage.folder, plugin), path.join(stage.folder, 'copy'), { recursive: true });
    await build('copy', 'again');
    const [first, second] = await Promise.all(
      ['out', 'again'].map((folder) => readDigests(path.join(stage.folder, folder))),
    );
    expect(second).toEqual(first);
    expect(first?.named).toEqual(first?.found);
  });
});
