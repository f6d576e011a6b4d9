import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFilesWith } from './stage/find-files-with.ts';
import { canSeeProcesses, readCommandLines } from './stage/find-leftovers.ts';
import { mustRun } from './stage/neo-week.ts';
import { queryDatabase } from './stage/query-database.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

// Every character class that some encoding changes, and long enough to be broken into lines.
const value = 'S3-näver "seen"/by+any\\body & 100%-sure';
const forms = [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  new URLSearchParams({ value }).toString().slice('value='.length),
  ...[0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    return [bytes.toString('base64').slice(4, 40), bytes.toString('base64url').slice(4, 40)];
  }),
  // The database writes binary data so, and logs of this server could.
  Buffer.from(value).toString('hex'),
];

const task = fileURLToPath(new URL('./stage/leaking-task.mjs', import.meta.url));

describe('the value of a secret that a task shows in every form', () => {
  let stage: Stage;
  let server: ServerProcess;
  let commandLines: readonly string[] = [];
  const shownByClient: string[] = [];

  beforeAll(async () => {
    stage = await setStage();
    const gate = path.join(stage.folder, 'gate');
    await stage.configure({ neoCommand: [process.execPath, task, gate] });
    server = await stage.startServer();
    const host = `127.0.0.1:${stage.port}`;
    await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
    await mustRun(stage, ['project', 'register', '--with-namespaces']);
    await mustRun(stage, ['secret', 'set', 'key', '-'], value);
    await writeJob(stage, 'leaking', '{{.secret.key}}');
    await writeJob(stage, 'refusing', '{{fail .secret.key}}');
    shownByClient.push(await mustRun(stage, ['deploy']));
    if (canSeeProcesses) await waitUntil('a task and its filter are seen', seesTask);
    await writeFile(gate, '');
    await waitUntil('every run has ended', async () => {
      const runs = await queryDatabase(stage, 'SELECT state FROM run');
      return runs.length >= 4 && runs.every(({ state }) => state === 'success' || state === 'failed');
    });
  });

  afterAll(() => stage.clear());

  async function seesTask(): Promise<boolean> {
    commandLines = await readCommandLines();
    return ['leaking-task.mjs', 'log-filter.mjs'].every((name) =>
      commandLines.some((line) => line.includes(name)),
    );
  }

  it('is in no log, which is whole but for it', async () => {
    for (const tick of ['2022-09-19T02:00:00Z', '2022-09-20T02:00:00Z']) {
      const log = await mustRun(stage, ['job', 'logs', 'leaking', '--scheduled-at', tick]);
      expect(log).toContain('raw: ***\n');
      expect(log).toMatch(/\nform: value=\*\*\*\n/);
      expect(log).toContain('select 1 -- ***\n');
      expect(log).toMatch(/\n\*\*\*\n(?:.*\n)*all shown\n$|all shown\n\*\*\*$|\*\*\*\nall shown\n$/);
      expectNone(log);
    }
  });

  it('is in no message of a run that failed or was refused', async () => {
    const rows = await queryDatabase(stage, 'SELECT message FROM attempt UNION SELECT message FROM run');
    const messages = rows.map(({ message }) => String(message)).join('\n');
    expect(messages).toContain('exited with code 3');
    expect(messages).toContain('***');
    expectNone(messages);
  });

  it('is in no answer of the command line or of REST but to whom asks for a context', async () => {
    for (const args of [
      ['job', 'runs', 'leaking'],
      ['job', 'runs', 'refusing', '--output', 'json'],
      ['job', 'show', 'leaking'],
      ['secret', 'list', '--output', 'json'],
    ]) {
      shownByClient.push(await mustRun(stage, args));
    }
    const instance = [
      'refusing',
      '--type',
      'task',
      '--name',
      'neo',
      '--scheduled-at',
      '2022-09-19T02:00:00Z',
    ];
    const input = path.join(stage.folder, 'input');
    const refused = await stage.optimus(['job', 'run-input', ...instance, '--output-dir', input]);
    expect(refused.code).not.toBe(0);
    const api = `http://127.0.0.1:${stage.port}/api/v1beta1/project/space`;
    const paths = [
      '/secret',
      '/namespace/observatory/job',
      '/namespace/observatory/job/leaking',
      '/job/leaking/run',
    ];
    const answers = await Promise.all(paths.map(async (at) => (await fetch(api + at)).text()));
    expectNone([...shownByClient, refused.stdout, refused.stderr, ...answers].join('\n'));
  });

  it.skipIf(!canSeeProcesses)('is on no command line of any process', () => {
    expect(commandLines.join('\n')).toContain('leaking-task.mjs');
    expectNone(commandLines.join('\n'));
  });

  it('is in no row of the database', async () => {
    const tables = await queryDatabase(
      stage,
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) {
      const rows = await queryDatabase(stage, `SELECT row.*::text AS text FROM ${String(name)} AS row`);
      expectNone(rows.map(({ text }) => String(text)).join('\n'));
    }
  });

  it('is in nothing that the server logs, and in no file once it has ended', async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    expectNone(server.output());
    for (const form of forms) expect(await findFilesWith(stage.folder, form)).toEqual([]);
  });
});

function expectNone(text: string): void {
  expect(forms.filter((form) => text.includes(form))).toEqual([]);
}

async function writeJob(stage: Stage, name: string, key: string): Promise<void> {
  const folder = path.join(stage.repository, 'observatory', 'jobs', name);
  await mkdir(path.join(folder, 'assets', 'sub'), { recursive: true });
  await writeFile(path.join(folder, 'assets', 'sub', 'query.sql'), 'select 1 -- {{.secret.key}}\n');
  const spec = {
    version: 1,
    name,
    owner: 'team@example.io',
    schedule: { start_date: '2022-09-18', end_date: '2022-09-20', interval: '0 2 * * *' },
    behavior: { depends_on_past: false, catch_up: true },
    task: {
      name: 'neo',
      config: { RANGE_START: '{{.DSTART}}', SECRET_KEY: key },
      window: { size: '24h', offset: '0', truncate_to: 'd' },
    },
  };
  await writeFile(path.join(folder, 'job.yaml'), JSON.stringify(spec));
}
