import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOptimus } from '../testing/run-optimus.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { SQL_PLUGIN, type SqlJobParts, sqlJobFiles } from '../testing/sql-jobs.ts';
import { writeFiles } from '../testing/temporary-folder.ts';

let cwd: string;
let server: ServerProcess;

const optimus = (...args: readonly string[]) => runOptimus(args, { cwd });

const writeJob = (folder: string, parts: Omit<SqlJobParts, 'startDate'>) =>
  writeFiles(cwd, sqlJobFiles(folder, { startDate: '2090-01-01', ...parts }));

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'optimus-inspect-'));
  await writeFiles(cwd, { 'plugins/optimus-plugin-bq2bq.yaml': SQL_PLUGIN });
  const config = { plugin: { dirs: [path.join(cwd, 'plugins')] }, log: { level: 'warn' } };
  await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
  server = await startServer(cwd, ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml']);
  const tenants = ['--project-name', 'lake', '--namespace', 'sky', '--namespace', 'sea'];
  await optimus('init', '--host', server.address, ...tenants);
  await writeJob('sky/jobs/feed', { table: 'feed', sql: 'select 1 as id' });
  await writeJob('sky/jobs/raw', { table: 'raw', sql: 'select id\nfrom `lake.d.feed`' });
  await writeJob('sea/jobs/check', { table: 'checked', sql: 'select 1 as id' });
  const sql = 'select id\nfrom `lake.d.raw`\njoin `lake.landing.orders` using (id)';
  await writeJob('sea/jobs/mart', { table: 'mart', sql, after: ['check'] });
  await writeJob('sea/jobs/report', { table: 'report', sql: 'select id from `lake.d.mart`' });
  await writeJob('sea/jobs/mail', { table: 'mails', sql: 'select 2', after: ['report'] });
  const { code, stderr } = await optimus('deploy');
  if (code !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await server.stop();
  await rm(cwd, { recursive: true, force: true });
});

const NEXT_RUNS = `next runs:
  2090-01-02T02:00:00Z for 2090-01-01T00:00:00Z to 2090-01-02T00:00:00Z
  2090-01-03T02:00:00Z for 2090-01-02T00:00:00Z to 2090-01-03T00:00:00Z
  2090-01-04T02:00:00Z for 2090-01-03T00:00:00Z to 2090-01-04T00:00:00Z
`;

const EDGES = `writes:
  bigquery://lake:d.mart
reads:
  bigquery://lake:d.raw
  bigquery://lake:landing.orders
waits for:
  raw: reads bigquery://lake:d.raw at query.sql:2:6
  (nobody): reads bigquery://lake:landing.orders at query.sql:3:6, which no deployed job writes
  check: named under dependencies
waited for by:
  report: reads bigquery://lake:d.mart
`;

describe('job inspect', () => {
  it('prints what a job writes, reads and waits for, who waits for it, why of each, and its next runs', async () => {
    const { code, stdout } = await optimus('job', 'inspect', 'mart');
    const heading = 'job mart of namespace sea, project lake (deployed)\n';
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${heading}${EDGES}${NEXT_RUNS}` });
  });

  it('prints the jobs behind those when it is asked for more levels', async () => {
    const { stdout } = await optimus('job', 'inspect', 'mart', '--upstream', '2', '--downstream', '2');
    const trees = 'upstream:\n  raw\n    feed\n  check\ndownstream:\n  report\n    mail\n';
    expect(stdout).toContain(`${EDGES}${trees}${NEXT_RUNS}`);
  });

  it('says where there is nothing that there is nothing', async () => {
    const { stdout } = await optimus('job', 'inspect', 'feed');
    expect(stdout).toContain('reads:\n  nothing known\nwaits for:\n  nothing\nwaited for by:\n  raw: ');
    expect((await optimus('job', 'inspect', 'mail')).stdout).toContain('waited for by:\n  nobody\n');
  });

  it('prints the job of this folder as if it were deployed, and what is wrong with it', async () => {
    const before = { table: 'mart', sql: 'select id from `lake.d.feed`' };
    await writeJob('sea/jobs/mart', before);
    const { stdout } = await optimus('job', 'inspect', 'mart', '--undeployed');
    expect(stdout).toContain('(as it would be, deployed now)\n');
    expect(stdout).toContain(
      'waits for:\n  feed: reads bigquery://lake:d.feed at query.sql:1:16\nwaited for by:',
    );
    await writeJob('sea/jobs/mart', { ...before, after: ['nowhere'] });
    const wrong = await optimus('job', 'inspect', 'mart', '--undeployed');
    expect(wrong.stdout).toContain('problems:\n  dependencies "nowhere" is no job of project "lake"\n');
  });

  it('is data where data is asked for', async () => {
    const { stdout } = await optimus('job', 'inspect', 'mart', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      destination: 'bigquery://lake:d.mart',
      waitsFor: [
        { upstreamJob: 'raw', isResolved: true, places: [{ asset: 'query.sql', line: 2, column: 6 }] },
        { upstreamJob: '', urn: 'bigquery://lake:landing.orders', isResolved: false },
        { upstreamJob: 'check', kind: 'static' },
      ],
      waitedForBy: [{ job: 'report' }],
      nextRuns: [{ scheduledAt: '2090-01-02T02:00:00Z' }, {}, {}],
    });
  });
});
