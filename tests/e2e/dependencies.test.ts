import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../examples/neo/demo/runs-api.ts';
import { initProject, writeJob } from './stage/client-project.ts';
import { mustRun } from './stage/neo-week.ts';
import { installSqlPlugin, SQL_IMAGE, toOneDay, toSqlJob } from './stage/sql-plugin.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

/** Notes its start and its end; what makes the raw table takes until the gate is opened. */
const TASK = `echo "$JOB_NAME begins" >> "$STAGE/story"
while [ "$JOB_NAME" = raw ] && [ ! -e "$STAGE/gate" ]; do sleep 0.05; done
echo "$JOB_NAME ends" >> "$STAGE/story"`;

describe('a job that reads what another one writes', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
    await installSqlPlugin(stage);
    await stage.configure({
      images: { [SQL_IMAGE]: ['/bin/sh', '-c', TASK.replaceAll('$STAGE', stage.folder)] },
    });
    await stage.startServer();
    await initProject(stage, 'lake', ['sky', 'sea']);
    // The reader's tick is before the writer's, and covers the same day.
    await writeSqlJob('sea', 'mart', { interval: '0 1 * * *', sql: 'select * from `lake.d.raw`' });
    await writeSqlJob('sky', 'raw', { interval: '0 2 * * *', sql: 'select 1' });
    const extra = 'dependencies:\n  - job: mart\n    type: intra\n';
    await writeSqlJob('sea', 'report', { interval: '0 3 * * *', sql: 'select 2', extra });
    await mustRun(stage, ['deploy']);
  });

  afterAll(() => stage.clear());

  const writeSqlJob = (
    namespace: string,
    name: string,
    { interval, sql, extra = '' }: { interval: string; sql: string; extra?: string },
  ) => {
    const yaml = toSqlJob(name, { schedule: toOneDay(interval), extra });
    return writeJob(stage, { namespace, name, yaml, assets: { 'query.sql': sql } });
  };

  async function readState(job: string): Promise<string> {
    const server = { host: `127.0.0.1:${stage.port}`, project: 'lake', job };
    const [run] = await listRuns(server, AbortSignal.timeout(60_000));
    return run?.state ?? '';
  }

  const readStory = () => readFile(path.join(stage.folder, 'story'), 'utf8').catch(() => '');

  it('waits for the run that makes the data of its window, and so does who waits for it by name', async () => {
    await waitUntil('the writer has begun', async () => (await readStory()).includes('raw begins'));
    await waitUntil('the reader waits', async () => (await readState('mart')) === 'wait_upstream');
    expect(await readState('report')).toBe('wait_upstream');
    expect(await readStory()).toBe('raw begins\n');
    await writeFile(path.join(stage.folder, 'gate'), '');
    await waitUntil('all have ended', async () => (await readState('report')) === 'success');
    expect((await readStory()).trim().split('\n')).toEqual([
      'raw begins',
      'raw ends',
      'mart begins',
      'mart ends',
      'report begins',
      'report ends',
    ]);
  });
});
