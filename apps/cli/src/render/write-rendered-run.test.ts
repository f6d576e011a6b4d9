import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeJobSpec } from '@optimus/domain/testing';
import { describe, expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { listSecretNames } from './list-secret-names.ts';
import type { RenderedPart } from './rendered-run.ts';
import { writeRenderedRun } from './write-rendered-run.ts';

const part: RenderedPart = {
  type: 'task',
  name: 'neo',
  envs: { A: '1' },
  secrets: { KEY: '*****' },
  files: { 'sql/query.sql': 'select 1' },
  warnings: [],
};

async function write(instances: readonly RenderedPart[]) {
  const cwd = await createTemporaryFolder();
  const terminal = captureTerminal(cwd);
  const [scheduledAt, windowStart, windowEnd] = ['2022-09-19T02:00:00Z', 'from', 'to'];
  const rendered = { job: 'asteroids', scheduledAt, windowStart, windowEnd, instances };
  await writeRenderedRun({ args: [], flags: new Flags({}), terminal }, rendered);
  return { terminal, folder: path.join(cwd, 'render/asteroids') };
}

describe('a rendered run', () => {
  it('lies in a folder of its job, each hook in one of its own below', async () => {
    const { terminal, folder } = await write([part, { ...part, type: 'hook', name: 'audit', files: {} }]);
    const found = await readdir(folder, { recursive: true });
    expect(found.toSorted()).toEqual(
      [
        '.env',
        '.hooks',
        '.hooks/audit',
        '.hooks/audit/.env',
        '.hooks/audit/.secret',
        '.secret',
        'sql',
        'sql/query.sql',
      ].toSorted(),
    );
    expect(await readFile(path.join(folder, '.secret'), 'utf8')).toBe("KEY='*****'\n");
    expect(terminal.printed).toEqual([
      'wrote 5 files to render/asteroids',
      'run of 2022-09-19T02:00:00Z, window from – to; secrets are masked',
    ]);
  });

  it('writes nothing outside of it, and then nothing at all', async () => {
    const outside = { ...part, files: { '../../outside': 'x' } };
    await expect(write([part, outside])).rejects.toThrow('a file called "../../outside"');
  });
});

describe('the secrets of a specification', () => {
  it('are those that its configuration, its hooks and its files name', () => {
    const { task } = makeJobSpec();
    const spec = makeJobSpec({
      task: { ...task, config: [{ name: 'A', value: '{{.secret.one}} {{ .secret.two | upper }}' }] },
      hooks: [{ name: 'audit', config: [{ name: 'B', value: '{{$.secret.three}}' }] }],
      assets: { 'q.sql': '{{.secret.one}} {{.secrets.no}} {{.proj.secret}}' },
    });
    expect(listSecretNames(spec)).toEqual(['one', 'three', 'two']);
  });
});
