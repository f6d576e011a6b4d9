import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProject, writeJob } from './stage/client-project.ts';
import { mustRun } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

const TOKEN = 'token-of-the-west';

function toJobYaml(name: string, interval: string, window: string, extra = ''): string {
  return `version: 2
name: ${name}
owner: ada@example.com
schedule: { start_date: "2022-09-18", end_date: "2022-09-19", interval: "${interval}" }
behavior: { catch_up: true, depends_on_past: false }
task:
  name: shell
  window: ${window}
${extra}`;
}

/** The test waits for two servers to start. */
const LONG_MS = 120_000;

describe('a job that waits for one of another server', () => {
  let west: Stage;
  let east: Stage;

  beforeAll(async () => {
    [west, east] = await Promise.all([setStage(), setStage()]);
    const env = { OPTIMUS_AUTH_BEARER_TOKEN: TOKEN };
    await Promise.all([west.configure({ serve: { auth: { tokens: [TOKEN] } } }), east.configure({})]);
    const config = {
      host: `http://127.0.0.1:${west.port}`,
      headers: { Authorization: `Bearer ${TOKEN}` },
    };
    const managers = JSON.stringify([{ name: 'west', type: 'optimus', config }]);
    await Promise.all([west.startServer(), east.startServer({ OPTIMUS_RESOURCE_MANAGERS: managers })]);
    Object.assign(west.env, env);
    await initProject(west, 'lake');
    await initProject(east, 'marts');
    const script = `while [ ! -e ${path.join(west.folder, 'gate')} ]; do sleep 0.05; done`;
    const hourly = toJobYaml('raw', '0 */8 * * *', '{ size: 8h, offset: "0", truncate_to: h }');
    await writeShellJob(west, 'raw', { yaml: hourly, script });
    const extra = 'dependencies:\n  - job: lake/raw\n    type: extra\n';
    const daily = toJobYaml('mart', '0 2 * * *', '{ size: 24h, offset: "0", truncate_to: d }', extra);
    await writeShellJob(east, 'mart', { yaml: daily, script: 'true' });
    await mustRun(west, ['deploy']);
    await mustRun(east, ['deploy']);
  }, LONG_MS);

  afterAll(() => Promise.all([west.clear(), east.clear()]));

  const writeShellJob = (stage: Stage, name: string, { yaml, script }: { yaml: string; script: string }) =>
    writeJob(stage, { name, yaml, assets: { 'script.sh': `${script}\n` } });

  const show = () => mustRun(east, ['run', 'show', 'mart']);

  it(
    'says which of its runs are missing, and begins when those of its window have succeeded',
    async () => {
      await waitUntil('the other server was asked', async () =>
        (await show().catch(() => '')).includes('runs have not succeeded'),
      );
      const shown = await show();
      expect(shown).toContain('kind: external');
      expect(shown).toContain('target: "west: lake/raw"');
      expect(shown).toMatch(/3 of 3 runs have not succeeded, the first, 2022-09-18T08:00:00Z, is \w+/);
      expect(shown).not.toContain(TOKEN);
      await writeFile(path.join(west.folder, 'gate'), '');
      await waitUntil('the run has ended', async () => (await show()).includes('state: success'));
    },
    LONG_MS,
  );
});
