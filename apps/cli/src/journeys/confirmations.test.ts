import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOptimus } from '../testing/run-optimus.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { SQL_PLUGIN, sqlJobFiles } from '../testing/sql-jobs.ts';
import { writeFiles } from '../testing/temporary-folder.ts';
import { hasTerminals, typeInto } from '../testing/type-into.ts';

const ENTER = '\r';
const DESCRIPTION = 'plugins/optimus-plugin-bq2bq.yaml';

// Without a pseudo-terminal there is nobody to ask.
describe.skipIf(!hasTerminals())('a person at a terminal', () => {
  let cwd: string;
  let server: ServerProcess;

  const optimus = (...args: readonly string[]) => runOptimus(args, { cwd });
  const answer = (question: string, typed: string, ...args: readonly string[]) =>
    typeInto(args, [[question, typed]], { cwd });
  const listJobs = async () => {
    const { stdout } = await optimus('job', 'list', '--output', 'json');
    return (JSON.parse(stdout) as ReadonlyArray<{ readonly job: string }>).map(({ job }) => job);
  };

  beforeAll(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'optimus-confirm-'));
    await writeFiles(cwd, { [DESCRIPTION]: SQL_PLUGIN });
    const config = { plugin: { dirs: [path.join(cwd, 'plugins')] }, log: { level: 'warn' } };
    await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
    server = await startServer(cwd, ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml']);
    await optimus('init', '--host', server.address, '--project-name', 'lake', '--namespace', 'sky');
    for (const table of ['raw', 'mart'])
      await writeFiles(
        cwd,
        sqlJobFiles(`sky/jobs/${table}`, { table, sql: 'select 1', startDate: '2090-01-01' }),
      );
    const { code, stderr } = await optimus('deploy');
    if (code !== 0) throw new Error(stderr);
    await optimus('secret', 'set', 'token', 'first');
  });

  afterAll(async () => {
    await server.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  it('is asked before more than one job is touched, and a no touches none', async () => {
    const { code, screen } = await answer(
      'pause 2 jobs: mart, raw?',
      'n',
      'job',
      'pause',
      '--select',
      'raw mart',
    );
    expect(screen).toContain('the jobs are left as they are');
    expect({ code, isDone: screen.includes('is paused') }).toEqual({ code: 130, isDone: false });
  });

  it('who says yes has it done to each', async () => {
    const { code, screen } = await answer(
      'pause 2 jobs: mart, raw?',
      'y',
      'job',
      'pause',
      '--select',
      'raw mart',
    );
    expect(screen).toContain('job raw is paused');
    expect(screen).toContain('job mart is paused');
    expect(code).toBe(0);
  });

  it('is not asked for one job, nor with --yes', async () => {
    for (const args of [['raw'], ['--select', 'raw mart', '--yes']]) {
      const { code, screen } = await typeInto(['job', 'resume', ...args], [], { cwd });
      expect(screen).toContain('job raw is resumed');
      expect({ code, isAsked: screen.includes('?') }).toEqual({ code: 0, isAsked: false });
    }
  });

  it.each([
    ['n', 'n'],
    ['nothing but Enter', ENTER],
  ])('who answers the question of a deletion with %s keeps the job', async (_, typed) => {
    const { code, screen } = await answer(
      'Are you sure you want to delete mart?',
      typed,
      'job',
      'delete',
      'mart',
    );
    expect(screen).toContain('nothing is deleted');
    expect(code).toBe(130);
    expect(await listJobs()).toEqual(['mart', 'raw']);
  });

  it('who answers it with y does not', async () => {
    const { code, screen } = await answer(
      'Are you sure you want to delete mart?',
      'y',
      'job',
      'delete',
      'mart',
    );
    expect(screen).toContain('job mart is deleted');
    expect(code).toBe(0);
    expect(await listJobs()).toEqual(['raw']);
  });

  it('is asked before a secret is replaced or deleted', async () => {
    const set = ['secret', 'set', 'token', 'second'];
    expect(await answer('proceed with update?', 'n', ...set)).not.toMatchObject({ code: 0 });
    expect(await answer('proceed with update?', 'y', ...set)).toMatchObject({ code: 0 });
    const remove = ['secret', 'delete', 'token'];
    expect(await answer('Delete the secret token?', 'n', ...remove)).toMatchObject({ code: 130 });
    expect((await optimus('secret', 'list')).stdout).toContain('token');
    expect(await answer('Delete the secret token?', 'y', ...remove)).toMatchObject({ code: 0 });
    expect((await optimus('secret', 'list')).stdout).not.toContain('token');
  });

  it('is asked before a plugin is removed', async () => {
    const remove = ['plugin', 'remove', 'bq2bq', '--dir', 'plugins'];
    expect(await answer('Remove ', 'n', ...remove)).toMatchObject({ code: 130 });
    expect(existsSync(path.join(cwd, DESCRIPTION))).toBe(true);
    expect(await answer('Remove ', 'y', ...remove)).toMatchObject({ code: 0 });
    expect(existsSync(path.join(cwd, DESCRIPTION))).toBe(false);
  });
});
