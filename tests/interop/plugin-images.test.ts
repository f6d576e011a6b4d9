import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from '../e2e/stage/neo-week.ts';
import { type Stage, setStage } from '../e2e/stage/stage.ts';
import { type AuthorStage, installModules, setAuthorStage } from './plugin-authoring/author-stage.ts';
import { type ContainerTool, findContainerTool } from './plugin-authoring/container-tool.ts';

const found = findContainerTool();
const why = 'missing' in found ? ` (skipped: there is no ${found.missing})` : '';
const repository = 'example.io/optimus-task-hello';

describe.skipIf('missing' in found)(`the images of a plugin${why}`, () => {
  let tool: ContainerTool;
  let author: AuthorStage;
  let printed: readonly string[];

  beforeAll(async () => {
    if ('missing' in found) return;
    tool = await found.make();
    tool.importNodeImage('docker.io/library/node:24-slim');
    author = await setAuthorStage(tool.env);
    await author.optimus(['plugin', 'create', 'hello', '--image', repository]);
    await installModules(author, 'task/hello');
    const flags = ['--image', '--wrapped', '--engine', 'podman'];
    printed = (await author.optimus(['plugin', 'build', 'task/hello', ...flags])).trim().split('\n');
  }, 300_000);

  afterAll(async () => {
    await author.clear();
    await tool.clear();
  });

  it('are built at the version, the executor and the one around it', () => {
    expect(printed.slice(-2)).toEqual([`${repository}-executor:0.1.0`, `${repository}:0.1.0`]);
  });

  it('run as the user that the executor chose, through the entrypoint', () => {
    const format = '{{.Config.User}} {{.Config.Entrypoint}} {{.Config.Cmd}}';
    expect(tool.inspect(`${repository}-executor:0.1.0`, format)).toBe('node [] [node /opt/hello/main.mjs]');
    expect(tool.inspect(`${repository}:0.1.0`, format)).toBe(
      'node [/opt/entrypoint.sh] [node /opt/hello/main.mjs]',
    );
  });

  describe('run by a server', () => {
    let stage: Stage;

    beforeAll(async () => {
      stage = await setStage();
      const inImage = ['/usr/sbin/chroot', tool.mount(`${repository}:0.1.0`)];
      const command = [...inImage, '/opt/entrypoint.sh', '/usr/bin/node', '/opt/hello/main.mjs'];
      await stage.configure({ images: { [repository]: command } });
      await stage.startServer({ OPTIMUS_PLUGIN_DIRS: path.join(author.folder, 'task/hello/dist') });
      const host = `127.0.0.1:${stage.port}`;
      await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'people']);
      await mustRun(stage, ['project', 'register', '--with-namespaces']);
    });

    afterAll(() => stage.clear());

    it('lay down the context of the run and do its work', async () => {
      const dates = ['--start-date', '2022-09-18', '--end-date', '2022-09-19', '--interval', '0 2 * * *'];
      const job = ['--dir', 'greet', '--name', 'greet', '--owner', 'kush', '--task', 'hello', '--catch-up'];
      const plugins = ['--plugin-dir', path.join(author.folder, 'task/hello/dist')];
      await mustRun(stage, [
        'job',
        'create',
        ...job,
        ...dates,
        ...plugins,
        '--answer',
        'Greeting=good morning',
      ]);
      await mustRun(stage, ['deploy']);
      const log = await mustRun(stage, [
        'job',
        'logs',
        'greet',
        '--follow',
        '--scheduled-at',
        '2022-09-19T02:00:00Z',
      ]);
      expect(log).toContain('-- initializing optimus assets');
      expect(log).toMatch(/^good morning, 2022-09-18T00:00:00Z, from greet$/m);
    });
  });
});
