import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJobYaml } from '../testing/job-files.ts';
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
  const toWarning = (place: string) =>
    `Warning: sky/jobs/raw/job.yaml${place} waits for shopp/raw, which is not deployed: its runs do not wait until it is\n`;
  const warning = toWarning(':10:16');

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
    expect(await optimus('apply', 'plan.json')).toMatchObject({ code: 0, stderr: toWarning(':') });
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

describe('validating', () => {
  it('names the place in an asset whose template is broken', async () => {
    await writeFiles(
      cwd,
      sqlJobFiles('sky/jobs/broken', { ...RAW, table: 'broken', sql: 'select\n  {{ nosuch }}\n' }),
    );
    const { code, stderr } = await optimus('job', 'validate');
    await rm(path.join(cwd, 'sky/jobs/broken'), { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toContain('  sky/jobs/broken/assets/query.sql:2:6 cannot be parsed: ');
  });

  it('refuses what a deployment would be refused for: jobs that wait for each other', async () => {
    await writeFiles(cwd, {
      ...sqlJobFiles('sky/jobs/one', { ...RAW, table: 'one', after: ['two'] }),
      ...sqlJobFiles('sky/jobs/two', { ...RAW, table: 'two', after: ['one'] }),
    });
    const { code, stdout, stderr } = await optimus('job', 'validate');
    for (const name of ['one', 'two']) await rm(path.join(cwd, 'sky/jobs', name), { recursive: true });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '3 job files are good\n' });
    for (const name of ['one', 'two'])
      expect(stderr).toMatch(
        new RegExp(`sky/jobs/${name}/job\\.yaml:10:15 dependencies make jobs wait for each other: `),
      );
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
      'Warning: sky/jobs/raw/job.yaml:10:16 waits for far/raw of another server, and nobody here can ask for it: its runs wait until resource_managers of the server names one\n',
    );
  });
});

describe('a job whose SQL leaves open what it reads', () => {
  const UNCLOSED = { ...RAW, sql: 'select *\nfrom `unclosed\n' };
  const warning = (place: string, what: string) =>
    `Warning: sky/jobs/raw/${place} not all that it reads is known: ${what}\n`;

  it('is warned of with the place by validate, plan and deploy, and is deployed', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', UNCLOSED));
    const stderr = warning('assets/query.sql:2:6', 'a quote or a comment opens here and never ends');
    expect(await optimus('job', 'validate')).toMatchObject({ code: 0, stderr });
    expect(await optimus('plan')).toMatchObject({ code: 2, stderr });
    expect(await optimus('deploy')).toMatchObject({ code: 0, stderr });
  });

  it('is inspected with it, deployed and not', async () => {
    const deployed = await optimus('job', 'inspect', 'raw');
    expect(deployed.stdout).toContain('reads:\n  not known: query.sql:2:6 ');
    const { stdout: json } = await optimus('job', 'inspect', 'raw', '--output', 'json');
    expect(JSON.parse(json)).toMatchObject({ unknownReads: [{ asset: 'query.sql', line: 2, column: 6 }] });
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', { ...RAW, sql: 'EXECUTE IMMEDIATE "x"' }));
    const { stdout } = await optimus('job', 'inspect', 'raw', '--undeployed');
    expect(stdout).toContain('reads:\n  not known: query.sql:1:1 ');
  });

  it('is warned of when its file of SQL is missing', async () => {
    await rm(path.join(cwd, 'sky/jobs/raw/assets/query.sql'));
    const missing = 'query.sql is missing: what the task reads would stand there';
    expect((await optimus('plan')).stderr).toBe(warning('job.yaml:7:9', missing));
    const { stdout } = await optimus('job', 'inspect', 'raw', '--undeployed');
    expect(stdout).toContain(`reads:\n  not known: ${missing}\n`);
  });
});

describe('a job that writes what another one writes', () => {
  it('is warned of by plan and deploy with both, and is deployed', async () => {
    await writeFiles(cwd, sqlJobFiles('sky/jobs/raw', RAW));
    await optimus('deploy');
    await writeFiles(cwd, sqlJobFiles('sky/jobs/twin', RAW));
    const stderr =
      'Warning: sky/jobs/twin/job.yaml:7:9 lake/raw and lake/twin write bigquery://lake:d.raw: who reads it waits for one of them alone\n';
    expect(await optimus('plan')).toMatchObject({ code: 2, stderr });
    expect(await optimus('deploy')).toMatchObject({ code: 0, stderr });
  });
});

describe('a job that names secrets that are not there', () => {
  it('is warned of by validate and deploy with the places, until they are set', async () => {
    const parts = { table: 'key', extra: ', KEY: "{{.secret.sun}}"', sql: 'select\n  {{.secret.moon}}\n' };
    await writeFiles(cwd, sqlJobFiles('sky/jobs/key', parts));
    await optimus('secret', 'set', 'moon', 'pale');
    const warning = (place: string, name: string) =>
      `Warning: sky/jobs/key/${place} names the secret "${name}", which is not there: it renders as <no value>; set it with: optimus secret set ${name}\n`;
    const checked = await optimus('job', 'validate');
    expect(checked).toMatchObject({ code: 0, stderr: warning('job.yaml:8:30', 'sun') });
    const first = await optimus('deploy');
    expect(first.stderr).toContain(warning('job.yaml:8:30', 'sun'));
    expect(first.stderr).not.toContain('"moon"');
    await optimus('secret', 'delete', 'moon', '--confirm');
    await writeFiles(cwd, sqlJobFiles('sky/jobs/key', { ...parts, startDate: '2024-01-02' }));
    expect((await optimus('deploy')).stderr).toContain(warning('assets/query.sql:2:5', 'moon'));
    await rm(path.join(cwd, 'sky/jobs/key'), { recursive: true });
    await optimus('deploy');
  });
});

describe('a job that misspells a secret', () => {
  it('is told by deploy which one was probably meant', async () => {
    await optimus('secret', 'set', 'warehouse_token', 'pale');
    await writeFiles(
      cwd,
      sqlJobFiles('sky/jobs/near', { table: 'near', sql: '{{.secret.warehouse_tokn}}\n' }),
    );
    expect((await optimus('deploy')).stderr).toContain(
      'names the secret "warehouse_tokn", which is not there: it renders as <no value>, did you mean "warehouse_token"?\n',
    );
    await optimus('secret', 'delete', 'warehouse_token', '--confirm');
    await rm(path.join(cwd, 'sky/jobs/near'), { recursive: true });
    await optimus('deploy');
  });
});

describe('a job that only seems to name secrets, or can do without them', () => {
  it('is not warned of by deploy', async () => {
    const sql = 'select t.secret.id from t\n{{/* .secret.old */}} {{ .secret.maybe | default "x" }}\n';
    await writeFiles(cwd, sqlJobFiles('sky/jobs/open', { table: 'open', sql }));
    expect((await optimus('deploy')).stderr).not.toContain('names the secret');
    await rm(path.join(cwd, 'sky/jobs/open'), { recursive: true });
    await optimus('deploy');
  });
});

describe('a job that misspells a macro', () => {
  it('is warned of by validate, plan and deploy with the place and the name that was meant', async () => {
    const parts = { table: 'macro', extra: ', FROM: "{{.DSTRT}}"', sql: 'select\n  {{ .DENND }}\n' };
    await writeFiles(cwd, sqlJobFiles('sky/jobs/macro', parts));
    const toWarning = (place: string, name: string, meant: string) =>
      `Warning: sky/jobs/macro/${place} {{.${name}}} has no value and will be written as "<no value>", did you mean "${meant}"?\n`;
    const warnings =
      toWarning('job.yaml:8:33', 'DSTRT', 'DSTART') + toWarning('assets/query.sql:2:6', 'DENND', 'DEND');
    for (const command of [['job', 'validate'], ['plan'], ['deploy']])
      expect((await optimus(...command)).stderr).toContain(warnings);
    await rm(path.join(cwd, 'sky/jobs/macro'), { recursive: true });
    await optimus('deploy');
  });
});

describe('a this.yaml that misspells a macro', () => {
  it('is warned of once, however many jobs inherit it', async () => {
    await writeFiles(cwd, {
      'sky/jobs/both/this.yaml': 'task:\n  config:\n    FROM: "{{.DSTRT}}"\n',
      ...sqlJobFiles('sky/jobs/both/left', { ...RAW, table: 'left' }),
      ...sqlJobFiles('sky/jobs/both/right', { ...RAW, table: 'right' }),
    });
    const { stderr } = await optimus('plan');
    expect(stderr.split('\n').filter((line) => line.includes('both/this.yaml:3:11'))).toHaveLength(1);
    expect(stderr).not.toContain('more like these');
    await rm(path.join(cwd, 'sky/jobs/both'), { recursive: true });
  });
});

describe('a file that is nearly called job.yaml', () => {
  it('is warned of by validate, plan and deploy, though its job is not there', async () => {
    await writeFiles(cwd, {
      'sky/jobs/sun/job.yml': toJobYaml('sun'),
      'sky/jobs/this.yml': 'owner: nobody\n',
    });
    const warnings =
      'Warning: sky/jobs/sun/job.yml:1:1 is not read: what is read is called job.yaml; rename it\n' +
      'Warning: sky/jobs/this.yml:1:1 is not read: what is read is called this.yaml; rename it\n';
    for (const command of [['job', 'validate', '--offline'], ['plan'], ['deploy']])
      expect((await optimus(...command)).stderr).toContain(warnings);
    await rm(path.join(cwd, 'sky/jobs/sun'), { recursive: true });
    await rm(path.join(cwd, 'sky/jobs/this.yml'));
  });
});
