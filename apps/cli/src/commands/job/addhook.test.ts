import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { OPTIMUS_YAML, toJobYaml } from '../../testing/job-files.ts';
import { runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder, writeFiles } from '../../testing/temporary-folder.ts';

const HTTP = fileURLToPath(new URL('../../../../../plugins/http/src/main/http-post.ts', import.meta.url));
const JOB = 'team_a/jobs/one/job.yaml';

async function createProject() {
  const cwd = await createTemporaryFolder();
  await writeFiles(cwd, { 'optimus.yaml': OPTIMUS_YAML, [JOB]: `# mine\n${toJobYaml('one')}` });
  const plugins = path.join(cwd, 'plugins');
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const file = path.join(plugins, `optimus-http-post_${platform}`);
  await mkdir(plugins, { mode: 0o755 });
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' --conditions=source '${HTTP}'\n`);
  await chmod(file, 0o755);
  const addHook = (...args: readonly string[]) =>
    runOptimus(['job', 'addhook', ...args], { cwd, env: { OPTIMUS_PLUGIN_DIRS: plugins } });
  return { addHook, readJob: () => readFile(path.join(cwd, JOB), 'utf8') };
}

const ANSWERS = ['--hook', 'http-post', '--answer', 'URL=https://example.io', '--answer', 'Method=GET'];

it('adds what the plugin makes of the answers, keeps the rest, and not twice', async () => {
  const { addHook, readJob } = await createProject();
  const before = await readJob();
  expect(await addHook('one', ...ANSWERS)).toEqual({
    code: 0,
    stdout: `hook http-post is added to job one in ${JOB}\n`,
    stderr: '',
  });
  const after = `${before}hooks:
  - name: http-post
    config:
      HTTP_URL: https://example.io
      HTTP_METHOD: GET
`;
  expect(await readJob()).toBe(after);
  expect(await addHook('one', ...ANSWERS)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the job has the hook http-post already'),
  });
  expect(await readJob()).toBe(after);
});

it.each([
  ['a job that is not there', ['on', ...ANSWERS], 'did you mean "one"?'],
  ['a hook that is not installed', ['one', '--hook', 'http-pots'], 'must be one of http-post'],
  [
    'an answer that the plugin refuses',
    ['one', '--hook', 'http-post', '--answer', 'URL=x'],
    "'URL=x': write a URL",
  ],
])('refuses %s and changes nothing', async (_what, args, said) => {
  const { addHook, readJob } = await createProject();
  const before = await readJob();
  const { code, stderr } = await addHook(...args);
  expect(stderr).toContain(said);
  expect(code).not.toBe(0);
  expect(await readJob()).toBe(before);
});
