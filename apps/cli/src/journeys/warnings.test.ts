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

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'optimus-warnings-'));
  await writeFiles(cwd, { 'plugins/optimus-plugin-bq2bq.yaml': SQL_PLUGIN });
  const config = { plugin: { dirs: [path.join(cwd, 'plugins')] }, log: { level: 'warn' } };
  await writeFile(path.join(cwd, 'config.yaml'), JSON.stringify(config));
  server = await startServer(cwd, ['--data-dir', path.join(cwd, 'data'), '--config', 'config.yaml']);
  await optimus('init', '--host', server.address, '--project-name', 'lake', '--namespace', 'sky');
  await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', RAW));
  await optimus('deploy');
});

afterAll(async () => {
  await server.stop();
  await rm(cwd, { recursive: true, force: true });
});

describe('a job that waits for one of another project that is not deployed', () => {
  const warning =
    'Warning: sky/jobs/raw/job.yaml: waits for shopp/raw, which is not deployed: its runs do not wait until it is\n';

  it('is warned of by plan, which marks the dependency', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', { ...RAW, after: ['shopp/raw'] }));
    const planned = await optimus('plan', '--out', 'plan.json');
    expect(planned.stderr).toBe(
      `${warning}the plan is in plan.json; make it with: optimus apply plan.json\n`,
    );
    expect(planned.stdout).toContain('  raw ← shopp/raw (unresolved: not deployed)\n');
    expect(JSON.parse((await optimus('plan', '--output', 'json')).stdout)).toMatchObject({
      gained: [{ job: 'raw', upstream: 'shopp/raw', isResolved: false }],
    });
  });

  it('is warned of by validate, apply and deploy, and is deployed', async () => {
    expect(await optimus('job', 'validate')).toMatchObject({ code: 0, stderr: warning });
    expect(await optimus('apply', 'plan.json')).toMatchObject({ code: 0, stderr: warning });
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', { ...RAW, sql: 'select 2\n', after: ['shopp/raw'] }));
    expect(await optimus('deploy')).toMatchObject({ code: 0, stderr: warning });
    expect(await optimus('deploy')).toMatchObject({ code: 0, stderr: '' });
  });

  it('is told which job was probably meant', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/mart', { ...RAW, table: 'mart', after: ['lakes/raw'] }));
    expect((await optimus('plan')).stderr).toContain(
      'which is not deployed (did you mean lake/raw?): its runs',
    );
    await rm(path.join(cwd, 'sky/jobs/mart'), { recursive: true });
  });
});

describe('a job that waits for one of another server', () => {
  it('is warned of where no other server is configured', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', { ...RAW, after: ['far/raw'] }));
    const file = path.join(cwd, 'sky/jobs/raw/job.yaml');
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, yaml.replace('"far/raw"', '"far/raw", type: extra'));
    const { code, stderr } = await optimus('plan');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Warning: sky/jobs/raw/job.yaml: waits for far/raw of another server, and nobody here can ask for it: its runs wait until resource_managers of the server names one\n',
    );
  });
});
