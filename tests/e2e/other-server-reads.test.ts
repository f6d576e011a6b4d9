import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

function toJobYaml(name: string, interval: string): string {
  return `version: 2
name: ${name}
owner: ada@example.com
schedule: { start_date: "2022-09-18", end_date: "2022-09-19", interval: "${interval}" }
behavior: { catch_up: true, depends_on_past: false }
task:
  name: bq2bq
  config: { TABLE: ${name} }
  window: { size: 24h, offset: "0", truncate_to: d }
`;
}

/** The test waits for two servers to start. */
const LONG_MS = 120_000;

describe('a job that reads what a job of another server writes', () => {
  let west: Stage;
  let east: Stage;

  beforeAll(async () => {
    [west, east] = await Promise.all([setStage(), setStage()]);
    await Promise.all([prepare(west), prepare(east)]);
    const config = { host: `http://127.0.0.1:${west.port}` };
    const managers = JSON.stringify([{ name: 'west', type: 'optimus', config }]);
    const server = await west.startServer();
    await init(west, 'lake');
    await writeJob(west, 'raw', '0 2 * * *', 'select 1');
    await mustRun(west, ['deploy']);
    await server.end('SIGTERM');
    await east.startServer({ OPTIMUS_RESOURCE_MANAGERS: managers });
    await init(east, 'marts');
    await writeJob(east, 'mart', '0 1 * * *', 'select * from `lake.d.raw` join `lake.d.landed` using (day)');
    await mustRun(east, ['deploy']);
  }, LONG_MS);

  afterAll(() => Promise.all([west.clear(), east.clear()]));

  async function prepare(stage: Stage): Promise<void> {
    const plugins = path.join(stage.folder, '.optimus/plugins');
    await mkdir(plugins, { recursive: true });
    await writeFile(path.join(plugins, 'optimus-plugin-bq2bq.yaml'), PLUGIN);
    const gate = path.join(stage.folder, 'gate');
    const task = `while [ "$JOB_NAME" = raw ] && [ ! -e "${gate}" ]; do sleep 0.05; done`;
    await stage.configure({ images: { 'example/bq2bq': ['/bin/sh', '-c', task] } });
  }

  const init = (stage: Stage, project: string) =>
    mustRun(stage, [
      'init',
      '--host',
      `127.0.0.1:${stage.port}`,
      '--project-name',
      project,
      '--namespace',
      'sky',
    ]);

  async function writeJob(stage: Stage, name: string, interval: string, query: string): Promise<void> {
    const folder = path.join(stage.repository, 'sky', 'jobs', name);
    await mkdir(path.join(folder, 'assets'), { recursive: true });
    await writeFile(path.join(folder, 'job.yaml'), toJobYaml(name, interval));
    await writeFile(path.join(folder, 'assets/query.sql'), query);
  }

  const show = () => mustRun(east, ['run', 'show', 'mart']).catch(() => '');

  it(
    'says that the server does not answer, then waits for the run there, and begins when it has succeeded',
    async () => {
      await waitUntil('the other server was asked', async () =>
        (await show()).includes('the server "west": '),
      );
      expect(await show()).toContain('bigquery://lake:d.landed');
      await west.startServer();
      await waitUntil('the writer was found', async () => (await show()).includes('"west: lake/raw"'));
      const shown = await show();
      expect(shown).toMatch(/1 of 1 runs have not succeeded, the first, 2022-09-19T02:00:00.000Z, is \w+/);
      await writeFile(path.join(west.folder, 'gate'), '');
      await waitUntil('the run has ended', async () => (await show()).includes('state: success'));
    },
    LONG_MS,
  );
});
