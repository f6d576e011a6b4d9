import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOptimus } from '../testing/run-optimus.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { SQL_PLUGIN, sqlJobFiles } from '../testing/sql-jobs.ts';
import { writeFiles } from '../testing/temporary-folder.ts';

let cwd: string;
let server: ServerProcess;

const optimus = (...args: readonly string[]) => runOptimus(args, { cwd });

const RAW = { table: 'raw', sql: 'select 1 as id\n' };
const MART = { table: 'mart', sql: 'select id\nfrom `lake.d.raw`\n' };

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'optimus-plan-'));
  await writeFiles(cwd, { 'plugins/optimus-plugin-bq2bq.yaml': SQL_PLUGIN });
  const config = { plugin: { dirs: [path.join(cwd, 'plugins')] }, log: { level: 'warn' } };
  await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
  server = await startServer(cwd, ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml']);
  const tenants = ['--project-name', 'lake', '--namespace', 'sky', '--namespace', 'sea'];
  await optimus('init', '--host', server.address, ...tenants);
  await writeFiles(cwd, { ...sqlJobFiles('sky/jobs/raw', RAW), ...sqlJobFiles('sea/jobs/mart', MART) });
  await optimus('project', 'register', '--with-namespaces');
});

afterAll(async () => {
  await server.stop();
  await rm(cwd, { recursive: true, force: true });
});

describe('a plan', () => {
  it('shows new jobs and what they will wait for, and says by its exit code that there is something', async () => {
    const { code, stdout, stderr } = await optimus('plan', '-o', 'plan.json');
    expect(stderr).toBe('the plan is in plan.json; make it with: optimus apply plan.json\n');
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: `project lake: 2 to create, 0 to change, 0 to move, 0 to delete, 0 unchanged
+ sea/mart
+ sky/raw

dependencies gained:
  mart ← lake/raw (reads bigquery://lake:d.raw)
`,
    });
    expect(JSON.parse((await optimus('job', 'list', '--output', 'json')).stdout)).toEqual([]);
  });

  it('is made by apply, once', async () => {
    expect(await optimus('apply', 'plan.json')).toMatchObject({
      code: 0,
      stdout: 'project lake: 2 stored, 0 deleted\n',
    });
    expect(await optimus('apply', 'plan.json')).toMatchObject({
      code: 0,
      stdout: 'project lake: the plan is made already\n',
    });
    expect(await optimus('plan')).toMatchObject({
      code: 0,
      stdout: 'project lake: 0 to create, 0 to change, 0 to move, 0 to delete, 2 unchanged\n',
    });
  });

  it('shows changed jobs field by field, their SQL as a diff, and what that means to others', async () => {
    const changed = {
      ...RAW,
      sql: 'select 2 as id\n',
      interval: '0 3 * * *',
      extra: ', KEY: "{{.secret.KEY}}"',
    };
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', changed));
    const { code, stdout } = await optimus('plan');
    expect(code).toBe(2);
    expect(stdout).toBe(`project lake: 0 to create, 1 to change, 0 to move, 0 to delete, 1 unchanged
~ sky/raw
    schedule.interval: 0 2 * * * → 0 3 * * *
    task.config.KEY: (none) → {{.secret.KEY}}
    assets/query.sql:
      -select 1 as id
      +select 2 as id

jobs downstream:
  lake/sea: mart

secrets that are missing:
  KEY, named by raw

runs so far covered other windows; replay them if their data matters:
  raw
`);
    const asData: unknown = JSON.parse((await optimus('plan', '-o', 'json')).stdout);
    expect(asData).toMatchObject({
      project: 'lake',
      unchanged: 1,
      jobs: [{ job: 'raw', action: 'change', needsReplay: true }],
      missingSecrets: [{ job: 'raw', secret: 'KEY' }],
    });
  });

  it('is refused when somebody else has changed its jobs meanwhile', async () => {
    await optimus('plan', '-o', 'stale.json');
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', { ...RAW, interval: '0 4 * * *' }));
    expect(await optimus('deploy')).toMatchObject({ code: 0 });
    const { code, stderr } = await optimus('apply', 'stale.json');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'the plan is stale: the job "raw" of project "lake" was changed by somebody else',
    );
    expect(stderr).toContain('nothing is changed; plan again');
  });

  it('refuses to delete a job that others need, unless it is forced', async () => {
    await rm(path.join(cwd, 'sky/jobs/raw'), { recursive: true });
    const { code, stderr } = await optimus('plan');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'raw: deletion is refused: lake/mart need it; change those first, or use --force',
    );
    const forced = await optimus('plan', '--force');
    expect(forced.code).toBe(2);
    expect(forced.stdout).toContain('- sky/raw\n');
    expect(forced.stdout).toContain('mart reads bigquery://lake:d.raw, which no job writes');
    const deployed = await optimus('deploy', '--force', '--author', 'ada');
    expect(deployed.stdout).toContain(
      '[sky] are deployed successfully: 0 created, 0 changed, 0 unchanged, 1 deleted',
    );
    expect((await optimus('job', 'history', 'raw')).stdout).toMatch(/\n\d+ .* deleted \d{4}-\S+Z by ada /);
  });

  it('of a file that is none is refused with the reason', async () => {
    await writeFiles(cwd, { 'no-plan.json': '{"version": 2}' });
    const { code, stderr } = await optimus('apply', 'no-plan.json');
    expect(code).toBe(1);
    expect(stderr).toContain('no-plan.json is no plan: project');
  });
});

describe('a folder of jobs that is not there', () => {
  const misspell = async (name: string, wrong: string) => {
    const text = await readFile(path.join(cwd, 'optimus.yaml'), 'utf8');
    await writeFiles(cwd, { 'wrong.yaml': text.replace(`path: ${name}`, `path: ${wrong}`) });
  };

  it('deletes nothing: the place that names it is told, and the folder that was probably meant', async () => {
    await misspell('sea/jobs', 'seaa/jobs');
    for (const command of ['plan', 'deploy']) {
      const { code, stdout, stderr } = await optimus(command, '--config', 'wrong.yaml', '--force');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /wrong\.yaml:\d+:\d+ job.path: the folder "seaa\/jobs" of namespace "sea" does not exist, did you mean "sea\/jobs"\? its job would be deleted; create the folder when that is what you want\n/,
      );
    }
    expect(JSON.parse((await optimus('job', 'list', '--output', 'json')).stdout)).toMatchObject([
      { job: 'mart' },
    ]);
    expect((await optimus('job', 'validate', '--offline', '--config', 'wrong.yaml')).stderr).toMatch(
      /^Warning: wrong\.yaml:\d+:\d+ job.path: .*\n$/,
    );
  });

  it('is warned of while the namespace has no jobs', async () => {
    await misspell('sky/jobs', 'nowhere');
    for (const command of ['plan', 'deploy']) {
      const { code, stderr } = await optimus(command, '--config', 'wrong.yaml');
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /^Warning: wrong\.yaml:\d+:\d+ job.path: the folder "nowhere" of namespace "sky" does not exist\n$/,
      );
    }
  });
});

describe('a file that is no text', () => {
  it('reaches the task byte for byte, and costs no second deployment', async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
    await writeFiles(cwd, sqlJobFiles('sea/jobs/logo', { ...RAW, table: 'logo' }));
    await writeFile(path.join(cwd, 'sea/jobs/logo/assets/logo.png'), bytes);
    expect(await optimus('deploy')).toMatchObject({ code: 0 });
    expect((await optimus('plan')).code).toBe(0);
    const tick = ['--scheduled-at', '2024-01-03T02:00:00Z', '--output-dir', 'run'];
    expect(await optimus('job', 'run-input', 'logo', '--name', 'bq2bq', ...tick)).toMatchObject({ code: 0 });
    expect(await readFile(path.join(cwd, 'run/in/logo.png'))).toEqual(bytes);
    expect(await readFile(path.join(cwd, 'run/in/query.sql'), 'utf8')).toBe(RAW.sql);
    await rm(path.join(cwd, 'sea/jobs/logo'), { recursive: true });
    expect(await optimus('deploy')).toMatchObject({ code: 0 });
  });
});

describe('a partial deployment', () => {
  it('stores the good jobs, names the bad ones, and never deletes a job for its wrong file', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', RAW));
    expect(await optimus('deploy')).toMatchObject({ code: 0 });
    const file = 'sky/jobs/raw/job.yaml';
    const good = await readFile(path.join(cwd, file), 'utf8');
    await writeFiles(cwd, {
      [file]: good.replace('owner:', 'ownr:'),
      ...sqlJobFiles('sky/jobs/new', { ...RAW, table: 'new' }),
    });
    expect(await optimus('deploy')).toMatchObject({ code: 1, stdout: '' });
    const partial = await optimus('deploy', '--partial');
    expect(partial.code).toBe(1);
    expect(partial.stdout).toContain(
      '[sky] are deployed successfully: 1 created, 0 changed, 0 unchanged, 0 deleted',
    );
    expect(partial.stderr).toContain(`${file}:3:1 unknown key "ownr"`);
    const jobs: unknown = JSON.parse((await optimus('job', 'list', '--output', 'json')).stdout);
    expect(jobs).toMatchObject([{ job: 'mart' }, { job: 'new' }, { job: 'raw' }]);
  });

  it('tells what is wrong with files together with what the server refuses', async () => {
    const lost = sqlJobFiles('sky/jobs/lost', { ...RAW, table: 'lost', after: ['nobody'] });
    await writeFiles(cwd, lost);
    const { code, stderr } = await optimus('deploy', '--partial');
    await rm(path.join(cwd, 'sky/jobs/lost'), { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Error: some files are wrong, and the server refuses some jobs; the other jobs are deployed\n',
    );
    expect(stderr).toContain('sky/jobs/raw/job.yaml:3:1 unknown key "ownr"');
    expect(stderr).toContain(
      'sky/jobs/lost/job.yaml:10:15 dependencies "nobody" is no job of project "lake"',
    );
  });

  it('moves a job whose folder moved to another namespace', async () => {
    await rm(path.join(cwd, 'sky/jobs/raw'), { recursive: true });
    await writeFiles(cwd, sqlJobFiles('sea/jobs/raw', RAW));
    const { stdout } = await optimus('plan');
    expect(stdout).toContain('> sea/raw from sky\n');
    expect((await optimus('deploy')).stdout).toContain(
      '[sea] are deployed successfully: 0 created, 0 changed, 1 moved',
    );
    expect((await optimus('deploy')).stdout).toContain('0 created, 0 changed, 2 unchanged, 0 deleted');
  });
});

describe('the author of a version', () => {
  const as = (author: string, ...args: readonly string[]) =>
    runOptimus(args, { cwd, env: { OPTIMUS_AUTHOR: author } });

  it('is kept by deploy, by apply and by rollback, and shown with its version', async () => {
    const write = (interval: string) =>
      writeFiles(cwd, sqlJobFiles('sea/jobs/raw', { ...RAW, interval, sql: 'select 3 as id\n' }));
    await write('0 5 * * *');
    expect(await as('Zoë <zoe@example.io>', 'deploy')).toMatchObject({ code: 0 });
    await write('0 6 * * *');
    await optimus('plan', '-o', 'author.json');
    const applied = await optimus('apply', 'author.json', '--author', 'Eve <eve@example.io>');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(await as('ci', 'job', 'rollback', 'raw', '--to', '1')).toMatchObject({ code: 0 });
    const history: unknown = JSON.parse((await optimus('job', 'history', 'raw', '-o', 'json')).stdout);
    expect(history).toMatchObject([
      { author: 'ci' },
      { author: 'Eve <eve@example.io>', changed: ['schedule.interval'] },
      { author: 'Zoë <zoe@example.io>' },
      ...Array.from({ length: (history as readonly unknown[]).length - 3 }, () => ({})),
    ]);
    const newest = await optimus('job', 'history', 'raw', '--limit', '1');
    expect(newest.stdout.trim().split('\n')).toHaveLength(2);
    expect(newest.stderr).toBe('job raw has older versions; see them with: --limit 10\n');
    const { stderr } = await optimus('job', 'diff', 'raw');
    expect(stderr).toMatch(/by Eve <eve@example.io>\nversion \d: stored \S+ by ci\n/);
  });
});

describe('a plan of a project that nobody registered', () => {
  const config = (bucket: string, ...namespaces: readonly string[]) => `version: 1
host: ${server.address}
project: { name: moon, config: { bucket: ${bucket} } }
namespaces: [${namespaces.map((name) => `{ name: ${name}, job: { path: ./moon/${name} } }`).join(', ')}]
`;
  const moon = ['--config', 'moon.yaml'];
  const listProjects = async () => (await optimus('project', 'list')).stdout;

  beforeAll(async () => {
    await writeFiles(cwd, {
      'moon.yaml': config('a', 'sky', 'sea'),
      ...sqlJobFiles('moon/sky/raw', RAW),
      ...sqlJobFiles('moon/sea/mart', MART),
    });
  });

  it('plans to register it with its namespaces, and registers nothing', async () => {
    const { code, stdout } = await optimus('plan', '-o', 'moon.json', ...moon);
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: `project moon: 2 to create, 0 to change, 0 to move, 0 to delete, 0 unchanged
+ project moon
    config.BUCKET: (none) → a
+ namespace sky
+ namespace sea
+ sea/mart
+ sky/raw

dependencies gained:
  mart ← moon/raw (reads bigquery://lake:d.raw)
`,
    });
    expect(await listProjects()).not.toContain('moon');
  });

  it('registers nothing when the server refuses a job', async () => {
    await writeFiles(cwd, sqlJobFiles('moon/sky/bad', { ...RAW, table: 'bad', interval: '0 2 * * *' }));
    const file = path.join(cwd, 'moon/sky/bad/job.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('name: bq2bq', 'name: bq'));
    for (const command of ['plan', 'deploy']) {
      const { code, stderr } = await optimus(command, ...moon);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /moon\/sky\/bad\/job\.yaml:7:\d+ task\.name "bq" is no task plugin of the server/,
        ),
      });
    }
    expect(await listProjects()).not.toContain('moon');
    await rm(path.join(cwd, 'moon/sky/bad'), { recursive: true });
  });

  it('is made by apply in one change, once', async () => {
    expect(await optimus('apply', 'moon.json')).toMatchObject({
      code: 0,
      stdout: 'project moon: configuration registered, 2 stored, 0 deleted\n',
    });
    expect((await optimus('apply', 'moon.json')).stdout).toBe('project moon: the plan is made already\n');
    expect((await optimus('plan', ...moon)).code).toBe(0);
    expect(await listProjects()).toContain('moon');
  });

  it('shows another configuration, and is stale when somebody else gave it a third', async () => {
    await writeFiles(cwd, { 'moon.yaml': config('b', 'sky', 'sea', 'air') });
    const { code, stdout } = await optimus('plan', '-o', 'moon.json', ...moon);
    expect(code).toBe(2);
    expect(stdout).toContain('~ project moon\n    config.BUCKET: a → b\n+ namespace air\n');
    await writeFiles(cwd, { 'moon.yaml': config('c', 'sky', 'sea') });
    expect(await optimus('project', 'register', ...moon)).toMatchObject({ code: 0 });
    const applied = await optimus('apply', 'moon.json');
    expect(applied.code).toBe(1);
    expect(applied.stderr).toContain('the plan is stale: the configuration of project "moon" was changed');
    expect((await optimus('namespace', 'list', ...moon)).stdout).not.toContain('air');
  });

  it('of another version of the command is refused with what to do', async () => {
    await writeFiles(cwd, { 'old.json': '{"version": 1, "project": "moon"}' });
    const { code, stderr } = await optimus('apply', 'old.json');
    expect(code).toBe(1);
    expect(stderr).toContain('old.json is a plan of version 1, and this command makes plans of version 2');
    expect(stderr).toContain('optimus plan -o old.json');
  });
});
