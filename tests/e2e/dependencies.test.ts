import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../examples/neo/demo/runs-api.ts';
import { mustRun } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

/** A task whose SQL stands in `query.sql`, and that writes the table of its configuration. */
const PLUGIN = `version: 2
name: bq2bq
destination_urn_template: "bigquery://lake:d.<TABLE>"
asset_parsers: { bq: [{ filepath: ./query.sql }] }
plugin_versions: { default: { image: example/bq2bq, tag: v1, entrypoint: { script: "true" } } }
`;

/** Notes its start and its end; what makes the raw table takes until the gate is opened. */
const TASK = `echo "$JOB_NAME begins" >> "$STAGE/story"
while [ "$JOB_NAME" = raw ] && [ ! -e "$STAGE/gate" ]; do sleep 0.05; done
echo "$JOB_NAME ends" >> "$STAGE/story"`;

function toJobYaml(name: string, interval: string, extra = ''): string {
  return `version: 2
name: ${name}
owner: ada@example.com
schedule: { start_date: "2022-09-18", end_date: "2022-09-19", interval: "${interval}" }
behavior: { catch_up: true, depends_on_past: false }
task:
  name: bq2bq
  config: { TABLE: ${name} }
  window: { size: 24h, offset: "0", truncate_to: d }
${extra}`;
}

describe('a job that reads what another one writes', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage();
    const plugins = path.join(stage.folder, '.optimus/plugins');
    await mkdir(plugins, { recursive: true });
    await writeFile(path.join(plugins, 'optimus-plugin-bq2bq.yaml'), PLUGIN);
    await stage.configure({
      images: { 'example/bq2bq': ['/bin/sh', '-c', TASK.replaceAll('$STAGE', stage.folder)] },
    });
    await stage.startServer();
    const tenants = ['--project-name', 'lake', '--namespace', 'sky', '--namespace', 'sea'];
    await mustRun(stage, ['init', '--host', `127.0.0.1:${stage.port}`, ...tenants]);
    // The reader's tick is before the writer's, and covers the same day.
    await writeJob('sea', 'mart', toJobYaml('mart', '0 1 * * *'), 'select * from `lake.d.raw`');
    await writeJob('sky', 'raw', toJobYaml('raw', '0 2 * * *'), 'select 1');
    const named = toJobYaml('report', '0 3 * * *', 'dependencies:\n  - job: mart\n    type: intra\n');
    await writeJob('sea', 'report', named, 'select 2');
    await mustRun(stage, ['deploy']);
  });

  afterAll(() => stage.clear());

  async function writeJob(namespace: string, name: string, yaml: string, sql: string): Promise<void> {
    const folder = path.join(stage.repository, namespace, 'jobs', name);
    await mkdir(path.join(folder, 'assets'), { recursive: true });
    await writeFile(path.join(folder, 'job.yaml'), yaml);
    await writeFile(path.join(folder, 'assets/query.sql'), sql);
  }

  async function readState(job: string): Promise<string> {
    const server = { host: `127.0.0.1:${stage.port}`, project: 'lake', job };
    const [run] = await listRuns(server, AbortSignal.timeout(5_000));
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
