import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, writeJob } from './stage/client-project.ts';
import { mustRun } from './stage/neo-week.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { installSqlPlugin, toSqlJob } from './stage/sql-plugin.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

const RAW = `select id, amount * rate as amount, '{{.DSTART}}' as loaded_at
from \`lake.landing.orders\` where created_at >= '{{.DSTART}}'`;

interface Answer {
  readonly isPending: boolean;
  readonly isComplete: boolean;
  readonly problems: readonly string[];
  readonly columns: ReadonlyArray<{ readonly name: string }>;
}

describe('column lineage', () => {
  let stage: Stage;
  let server: ServerProcess;

  beforeAll(async () => {
    stage = await setStage();
    await installSqlPlugin(stage);
    await stage.configure({});
    server = await stage.startServer();
    await initProject(stage, 'lake');
    await writeSqlJob('raw', RAW);
    await writeSqlJob('mart', 'select * from `lake.d.raw`');
    await writeSqlJob(
      'report',
      'with m as (select * from lake.d.mart) select sum(amount) as total from m where id > 0',
    );
    await mustRun(stage, ['deploy']);
  });

  afterAll(() => stage.clear());

  const writeSqlJob = (name: string, sql: string) => {
    const yaml = toSqlJob(name, { schedule: '{ start_date: "2090-01-01", interval: "0 2 * * *" }' });
    return writeJob(stage, { name, yaml, assets: { 'query.sql': sql } });
  };

  async function ask(job: string, query = ''): Promise<Answer> {
    const response = await fetch(
      `http://127.0.0.1:${stage.port}/api/v1/project/lake/job/${job}/lineage${query}`,
    );
    return (await response.json()) as Answer;
  }

  const listColumns = async (job: string): Promise<string> =>
    (await ask(job)).columns.map(({ name }) => name).join(' ');

  it('is there soon after a deployment, stars expanded by what upstream jobs write', async () => {
    await waitUntil('the report is known', async () => (await ask('report')).isComplete);
    expect(await listColumns('mart')).toBe('id amount loaded_at');
    const printed = await mustRun(stage, ['job', 'lineage', 'report']);
    expect(printed.split('\n')).toEqual([
      'job report of project lake, version 1, writes bigquery://lake:d.report',
      'columns:',
      '  total',
      '    aggregation bigquery://lake:d.mart amount',
      'rows decided by:',
      '  filter bigquery://lake:d.mart id',
      '',
    ]);
  });

  it('follows a column from job to job, up to tables that no job writes and down to what is made of it', async () => {
    const up = await mustRun(stage, ['job', 'lineage', 'report', '--column', 'total']);
    expect(up.split('\n').slice(1, -1)).toEqual([
      'total comes from:',
      '  aggregation bigquery://lake:d.mart amount (job mart)',
      '    direct bigquery://lake:d.raw amount (job raw)',
      '      expression bigquery://lake:landing.orders amount',
      '      expression bigquery://lake:landing.orders rate',
    ]);
    const down = await mustRun(stage, [
      'job',
      'lineage',
      'raw',
      '--column',
      'id',
      '--direction',
      'downstream',
    ]);
    expect(down.split('\n').slice(1, -1)).toEqual([
      'id goes to:',
      '  direct bigquery://lake:d.mart id (job mart)',
      '    filter bigquery://lake:d.report (its rows) (job report)',
    ]);
    const json = await mustRun(stage, [
      'job',
      'lineage',
      'report',
      '--column',
      'total',
      '--depth',
      '1',
      '-o',
      'json',
    ]);
    expect(JSON.parse(json)).toMatchObject({
      job: 'report',
      version: 1,
      steps: [{ level: 1, how: 'aggregation' }],
    });
  });

  it('follows a changed query through all that read it, and keeps that of the version before', async () => {
    await writeSqlJob('raw', 'select id, price as amount, country from `lake.landing.orders`');
    await mustRun(stage, ['deploy']);
    await waitUntil(
      'the mart has the new column',
      async () => (await listColumns('mart')) === 'id amount country',
    );
    expect((await ask('raw', '?version_number=1')).columns).toHaveLength(3);
  });

  it('is finished by the next server when one is killed over it', async () => {
    for (let index = 0; index < 30; index += 1)
      await writeSqlJob(`copy_${index}`, `select id, amount + ${index} as amount from lake.d.raw`);
    await mustRun(stage, ['deploy']);
    await server.end('SIGKILL');
    server = await stage.startServer();
    for (let index = 0; index < 30; index += 1)
      await waitUntil(`copy ${index} is known`, async () => (await ask(`copy_${index}`)).isComplete);
    expect(await listColumns('copy_29')).toBe('id amount');
  });
});
