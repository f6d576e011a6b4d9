import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const PROJECT = 'lake';
/** The namespace whose configuration limits its active runs, and how many it allows. */
export const LIMITED = { namespace: 'dry', runs: 2 } as const;

/** How a task of the lake behaves; see `witness.sh`. */
export type Act = 'plain' | 'flaky' | 'crash' | 'flood' | 'stubborn';

/** A job of the lake. */
export interface LakeJob {
  readonly name: string;
  readonly namespace: 'wet' | 'dry';
  /** Seconds from tick to tick; 0: it runs by hand alone. */
  readonly everyS: number;
  readonly upstreams: readonly string[];
  /** Fifths of a second that its task takes. */
  readonly beats: number;
  readonly act: Act;
  readonly hooks: readonly string[];
  readonly maxActiveRuns?: number;
  readonly dependsOnPast?: boolean;
  readonly retries: number;
  readonly attemptTimeout?: string;
}

const USUAL = { namespace: 'wet', upstreams: [], beats: 1, act: 'plain', hooks: [], retries: 1 } as const;

/** Chains, a fan-in, hooks, retries and every kind of limit; ticks that come close together. */
export const LAKE: readonly LakeJob[] = [
  { ...USUAL, name: 'spring', everyS: 6, hooks: ['check', 'audit'] },
  { ...USUAL, name: 'brook', everyS: 6, upstreams: ['spring'], beats: 2 },
  { ...USUAL, name: 'river', everyS: 12, upstreams: ['brook'] },
  { ...USUAL, name: 'sea', everyS: 12, upstreams: ['river', 'spring', 'pond'], hooks: ['audit'] },
  { ...USUAL, name: 'pond', everyS: 12, act: 'flaky', dependsOnPast: true, retries: 3 },
  { ...USUAL, name: 'mill', everyS: 4, beats: 6, maxActiveRuns: 1 },
  { ...USUAL, name: 'well_1', namespace: 'dry', everyS: 8, beats: 4 },
  { ...USUAL, name: 'well_2', namespace: 'dry', everyS: 8, beats: 4 },
  { ...USUAL, name: 'well_3', namespace: 'dry', everyS: 8, beats: 4 },
];

/** Jobs that misbehave, and run by hand. */
export const POISONS: readonly LakeJob[] = [
  { ...USUAL, name: 'crash', everyS: 0, act: 'crash', hooks: ['alarm'], retries: 2 },
  { ...USUAL, name: 'flood', everyS: 0, act: 'flood', retries: 0, attemptTimeout: '2s' },
  { ...USUAL, name: 'stubborn', everyS: 0, act: 'stubborn', retries: 0, attemptTimeout: '1s' },
];

/** The image of every task and hook. */
export const WITNESS_IMAGE = 'chaos/witness';
const HOOKS = { check: 'pre', audit: 'post', alarm: 'fail' } as const;

/** Writes the plugins that the lake needs. */
export async function writePlugins(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const write = (name: string, kind: string) => {
    const head = `name: ${name}\ndescription: notes what it does\nplugintype: ${kind}\npluginversion: 1.0.0\n`;
    return writeFile(path.join(folder, `optimus-plugin-${name}.yaml`), `${head}image: ${WITNESS_IMAGE}:1\n`);
  };
  await write('witness', 'task');
  for (const [name, type] of Object.entries(HOOKS)) await write(name, `hook\nhooktype: ${type}`);
}

/** What a deployment differs in from the one before. */
export interface LakeState {
  /** Which deployment this is: every task notes it. */
  readonly mark: number;
  /** `new`: from now on. `live`: no tick is left out any more. `still`: there are no ticks. */
  readonly schedule: 'new' | 'live' | 'still';
  /** First day of the schedules, `2022-09-18`. */
  readonly startDate: string;
  /** File that the tasks note what they do in. */
  readonly witness: string;
}

/** Writes the client's project. */
export async function writeLake(folder: string, host: string, state: LakeState): Promise<void> {
  const namespaces = [
    { name: 'wet', job: { path: 'wet' } },
    { name: 'dry', job: { path: 'dry' }, config: { MAX_ACTIVE_RUNS: String(LIMITED.runs) } },
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'optimus.yaml'),
    JSON.stringify({ version: 1, host, project: { name: PROJECT }, namespaces }),
  );
  for (const namespace of ['wet', 'dry'])
    await rm(path.join(folder, namespace), { recursive: true, force: true });
  for (const job of [...LAKE, ...POISONS]) {
    const home = path.join(folder, job.namespace, job.name);
    await mkdir(home, { recursive: true });
    await writeFile(path.join(home, 'job.yaml'), JSON.stringify(toSpec(job, state)));
  }
}

function toSpec(job: LakeJob, { mark, schedule, startDate, witness }: LakeState) {
  const isScheduled = job.everyS > 0 && schedule !== 'still';
  const config = { WITNESS: witness, MARK: String(mark), BEATS: String(job.beats) };
  return {
    version: 2,
    name: job.name,
    owner: 'ada@example.com',
    schedule: { start_date: startDate, interval: isScheduled ? `@every ${job.everyS}s` : '' },
    behavior: {
      catch_up: schedule === 'live',
      depends_on_past: job.dependsOnPast ?? false,
      retry: { count: job.retries, delay: '500ms' },
      ...(job.maxActiveRuns !== undefined && { max_active_runs: job.maxActiveRuns }),
      ...(job.attemptTimeout !== undefined && { attempt_timeout: job.attemptTimeout }),
    },
    task: {
      name: 'witness',
      config: { ...config, ACT: job.act },
      window: { size: `${job.everyS || 1}s`, offset: '0', truncate_to: '' },
    },
    hooks: job.hooks.map((name) => ({ name, config })),
    dependencies: job.upstreams.map((name) => ({ job: name })),
  };
}
