import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { optimusCommand } from '../tests/e2e/stage/stage-folder.ts';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';
import { timeCommand } from './measure/time-command.ts';

// How long `optimus job validate --offline` takes for a whole repository, beside a program that reads the same files and has js-yaml
// load them: no shape, no inheritance, no rules.
const rounds = 5;

/** What the bare program does, in batches as ours. */
const loadAll = `
import { readdir, readFile } from 'node:fs/promises';
const [parser, folder] = process.argv.slice(-2);
const { load } = await import(parser);
const names = (await readdir(folder, { recursive: true })).filter((name) => /\\.(yaml|sql)$/.test(name));
const loadOne = async (name) => {
  const text = await readFile(folder + '/' + name, 'utf8');
  if (name.endsWith('.yaml')) load(text);
};
for (let start = 0; start < names.length; start += 64) await Promise.all(names.slice(start, start + 64).map(loadOne));
`;

printFigures([await measure(1_000), await measure(10_000)]);

async function measure(count: number) {
  const folder = await createRepository(count);
  const optimus = [
    ...optimusCommand,
    'job',
    'validate',
    '--offline',
    '--config',
    path.join(folder, 'optimus.yaml'),
  ] as const;
  const bareProgram = [
    process.execPath,
    '--input-type=module',
    '-e',
    loadAll,
    import.meta.resolve('js-yaml'),
    path.join(folder, 'jobs'),
  ] as const;
  const ours: number[] = [];
  const bare: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await timeCommand(bareProgram));
      ours.push(await timeCommand(optimus));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return {
    name: `${count.toLocaleString('en')} jobs validated`,
    ours: median(ours),
    bare: median(bare),
    against: 'js-yaml loads the same files',
    unit: 'ms',
  };
}

/** Jobs in fifty folders of a team each, with what the team hands down, and a query each. */
async function createRepository(count: number): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'optimus-bench-'));
  const config = 'version: 1\nproject: { name: bench }\nnamespaces: [{ name: a, job: { path: jobs } }]\n';
  await writeFile(path.join(folder, 'optimus.yaml'), config);
  for (let index = 0; index < count; index += 1) {
    const team = path.join(folder, 'jobs', `team_${index % 50}`);
    const job = path.join(team, `job_${index}`);
    await mkdir(path.join(job, 'assets'), { recursive: true });
    await writeFile(path.join(job, 'job.yaml'), toJobYaml(index));
    await writeFile(path.join(job, 'assets/query.sql'), `select * from project.dataset.table_${index}\n`);
    if (index < 50)
      await writeFile(path.join(team, 'this.yaml'), `owner: team_${index}@example.io\nlabels: { team: a }\n`);
  }
  return folder;
}

function toJobYaml(index: number): string {
  return `version: 2
name: project.dataset.table_${index}
schedule:
  start_date: "2022-09-18"
  interval: ${index % 60} 2 * * *
behavior:
  depends_on_past: false
  catch_up: true
  retry: { count: 3, delay: 5m, exponential_backoff: true }
task:
  name: bq2bq
  config:
    PROJECT: project
    DATASET: dataset
    TABLE: table_${index}
    LOAD_METHOD: REPLACE
    SQL_TYPE: STANDARD
  window:
    size: 24h
    offset: "0"
    truncate_to: d
labels:
  orchestrator: optimus
dependencies: []
hooks: []
`;
}
