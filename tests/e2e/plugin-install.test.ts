import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canSeeProcesses, findProcesses } from './stage/find-leftovers.ts';
import { jobName, mustRun, prepareWeek } from './stage/neo-week.ts';
import { runCommand } from './stage/run-command.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { checkout, optimusCommand } from './stage/stage-folder.ts';
import { waitUntil } from './stage/wait-until.ts';

const arch = process.arch === 'x64' ? 'amd64' : process.arch;
const platform = `${process.platform}_${arch}`;
const fileName = `optimus-extra_${platform}`;
const shell = path.join(checkout, 'plugins', 'shell', 'dist', `optimus-shell_${platform}`);

let stage: Stage;
let installed: string;
/** A plugin that no server has from the start: a bundled one under another name. */
let plugin: string;

beforeEach(async () => {
  stage = await setStage();
  plugin = path.join(stage.folder, 'made', fileName);
  await mkdir(path.dirname(plugin));
  await writePlugin('// first');
  installed = path.join(stage.env['HOME'] ?? '', '.optimus', 'plugins');
});

afterEach(() => stage.clear());

async function writePlugin(note: string): Promise<void> {
  const program = (await readFile(shell, 'utf8')).replace('name: "shell"', 'name: "extra"');
  await writeFile(plugin, `${program}\n${note}\n`);
  await chmod(plugin, 0o755);
}

const listFolder = () => (existsSync(installed) ? readdirSync(installed) : []);

it('a server that runs takes in what is installed, replaced and removed', async () => {
  await stage.configure({});
  const server = await stage.startServer();
  await prepareWeek(stage, 'DEMO_KEY');
  const job = path.join(stage.repository, 'observatory', 'jobs', jobName, 'job.yaml');
  await writeFile(job, (await readFile(job, 'utf8')).replace('name: neo', 'name: extra'));
  const validate = async () => (await stage.optimus(['job', 'validate'])).stderr;
  expect(await validate()).toContain('"extra" is no task plugin of the server');

  const archive = path.join(stage.folder, 'extra.tar.gz');
  await runCommand(['tar', '-czf', archive, '-C', path.dirname(plugin), fileName], {
    cwd: stage.folder,
    env: stage.env,
  });
  await mustRun(stage, ['plugin', 'install', archive]);
  await waitUntil(
    'the server knows the plugin',
    async () => !(await validate()).includes('is no task plugin'),
  );

  await writePlugin('// rebuilt');
  await mustRun(stage, ['plugin', 'install', plugin, '--replace']);
  await waitUntil('the server has replaced it', () =>
    server.output().includes('plugin file changed or gone'),
  );
  expect(await validate()).not.toContain('is no task plugin');

  await mustRun(stage, ['plugin', 'remove', 'extra', '--yes']);
  await waitUntil('the server has forgotten it', async () =>
    (await validate()).includes('is no task plugin'),
  );
});

it('an install that is killed leaves no plugin, and the next one takes away the rest', async () => {
  const started = path.join(stage.folder, 'started');
  const slow = path.join(stage.folder, `optimus-slow_${platform}`);
  await writeFile(slow, `#!/bin/sh\ntouch '${started}'\nexec sleep 600\n`, { mode: 0o755 });
  const [program, ...args] = [...optimusCommand, 'plugin', 'install', slow];
  const install = spawn(program ?? '', args, { cwd: stage.repository, env: stage.env, stdio: 'ignore' });
  await waitUntil('the plugin starts', () => existsSync(started));
  install.kill('SIGKILL');
  await once(install, 'exit');
  expect(listFolder().filter((name) => name.startsWith('optimus-'))).toEqual([]);

  await mustRun(stage, ['plugin', 'install', plugin]);
  expect(listFolder()).toEqual([fileName]);
  const isHanging = async () =>
    (await findProcesses(stage.folder)).some(({ command }) => command.includes('sleep'));
  if (canSeeProcesses)
    await waitUntil('the plugin of the killed one is gone', async () => !(await isHanging()));
});
