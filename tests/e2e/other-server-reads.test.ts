import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, writeJob } from './stage/client-project.ts';
import { mustRun } from './stage/neo-week.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { installSqlPlugin, SQL_IMAGE, toOneDay, toSqlJob } from './stage/sql-plugin.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

/** The test waits for two servers to start. */
const LONG_MS = 120_000;

describe('a job that reads what a job of another server writes', () => {
  let west: Stage;
  let east: Stage;
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    [west, east] = await Promise.all([setStage(), setStage()]);
    await Promise.all([prepare(west), prepare(east)]);
    const config = { host: `http://127.0.0.1:${west.port}` };
    const managers = JSON.stringify([{ name: 'west', type: 'optimus', config }]);
    const first = await west.startServer();
    await initProject(west, 'lake');
    await writeSqlJob(west, 'raw', { interval: '0 2 * * *', sql: 'select 1' });
    await mustRun(west, ['deploy']);
    await first.end('SIGTERM');
    server = await east.startServer({ OPTIMUS_RESOURCE_MANAGERS: managers });
    await initProject(east, 'marts');
    const sql = 'select * from `lake.d.raw` join `lake.d.landed` using (day)';
    await writeSqlJob(east, 'mart', { interval: '0 1 * * *', sql });
    await mustRun(east, ['deploy']);
  }, LONG_MS);

  afterAll(() => Promise.all([west.clear(), east.clear()]));

  async function prepare(stage: Stage): Promise<void> {
    await installSqlPlugin(stage);
    const gate = path.join(stage.folder, 'gate');
    const task = `while [ "$JOB_NAME" = raw ] && [ ! -e "${gate}" ]; do sleep 0.05; done`;
    await stage.configure({ images: { [SQL_IMAGE]: ['/bin/sh', '-c', task] } });
  }

  const writeSqlJob = (stage: Stage, name: string, { interval, sql }: { interval: string; sql: string }) =>
    writeJob(stage, {
      name,
      yaml: toSqlJob(name, { schedule: toOneDay(interval) }),
      assets: { 'query.sql': sql },
    });

  const inspect = () => mustRun(east, ['job', 'inspect', 'mart']);
  const show = () => mustRun(east, ['run', 'show', 'mart']).catch(() => '');

  /** What a failure is understood by. */
  const lookAtAll = async () => {
    const { code, stdout, stderr } = await east.optimus(['run', 'show', 'mart']);
    return [`of ${west.port} by ${east.port}:`, code, stdout, stderr, server?.output()].join('\n');
  };

  it(
    'says that the server does not answer, then waits for the run there, and begins when it has succeeded',
    async () => {
      const isAsked = async () => (await show()).includes('the server "west": ');
      await waitUntil('the other server was asked', isAsked, lookAtAll);
      expect(await show()).toContain('bigquery://lake:d.landed');
      expect(await inspect()).toMatch(/\(nobody\): reads bigquery:\/\/lake:d.raw at .*: the server "west": /);
      await west.startServer();
      await waitUntil('the writer was found', async () => (await show()).includes('"west: lake/raw"'));
      const inspected = await inspect();
      expect(inspected).toMatch(
        /west: lake\/raw: reads \S+d.raw at query.sql:1:\d+, which a job of the server "west" writes\n/,
      );
      expect(inspected).toMatch(
        /\(nobody\): reads \S+d.landed at \S+, which no deployed job writes, neither here nor at /,
      );
      const shown = await show();
      expect(shown).toMatch(/1 of 1 runs have not succeeded, the first, 2022-09-19T02:00:00Z, is \w+/);
      await writeFile(path.join(west.folder, 'gate'), '');
      await waitUntil('the run has ended', async () => (await show()).includes('state: success'));
    },
    LONG_MS,
  );
});
