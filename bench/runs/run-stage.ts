import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { type Stage, setStage } from '../../tests/e2e/stage/stage.ts';

/** A job of a benchmark: what it runs and whom it waits for. */
export interface BenchJob {
  readonly name: string;
  readonly task: string;
  readonly upstreams?: readonly string[];
  /** Cron expression, empty to run by hand; default: daily, one run at once for the day that has just ended. */
  readonly interval?: string;
}

/** How a stage's server runs its tasks. */
export interface RunStageOptions {
  /** Task → command line. */
  readonly tasks: Readonly<Record<string, readonly string[]>>;
  readonly maxRunning: number;
}

/** When runs began and ended, by the database, in ms since the epoch. */
export interface RunTimes {
  readonly job: string;
  readonly scheduledAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export const PROJECT = 'bench';
export const NAMESPACE = 'work';
const POLL_MS = 20;

/** A real server with tasks that are command lines, and a repository of jobs that run them. */
export class RunStage implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #database: Client;
  /** Process of the server. */
  readonly pid: number;
  readonly port: number;

  private constructor(stage: Stage, database: Client, pid: number) {
    this.#stage = stage;
    this.#database = database;
    this.pid = pid;
    this.port = stage.port;
  }

  static async set({ tasks, maxRunning }: RunStageOptions): Promise<RunStage> {
    const stage = await setStage();
    const plugins = path.join(stage.folder, 'plugins');
    await mkdir(plugins);
    for (const task of Object.keys(tasks))
      await writeFile(path.join(plugins, `optimus-plugin-${task}.yaml`), toPluginYaml(task));
    const images = Object.fromEntries(
      Object.entries(tasks).map(([task, command]) => [`bench/${task}`, command]),
    );
    await stage.configure({ images, maxRunning });
    const server = await stage.startServer({ OPTIMUS_PLUGIN_DIRS: plugins });
    const host = path.join(stage.dataDir, 'postgres', 'socket');
    const database = new Client({ host, port: 5432, user: 'optimus', database: 'optimus' });
    await database.connect();
    return new RunStage(stage, database, server.pid);
  }

  /** Deploys the jobs, which replace those that were there. */
  async deploy(jobs: readonly BenchJob[]): Promise<void> {
    const { repository, port } = this.#stage;
    await writeFile(path.join(repository, 'optimus.yaml'), toClientYaml(`127.0.0.1:${port}`));
    for (const job of jobs) {
      const folder = path.join(repository, NAMESPACE, 'jobs', job.name);
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'job.yaml'), toJobYaml(job));
    }
    const { code, stderr } = await this.#stage.optimus(['deploy']);
    if (code !== 0) throw new Error(`deploy ended with ${code}:\n${stderr}`);
  }

  /** Resolves when so many runs have succeeded, of all or of one tick. Fails when one did not. */
  async awaitSuccesses(count: number, scheduledAt?: Date): Promise<void> {
    const ofTick = scheduledAt ? `WHERE scheduled_at = '${scheduledAt.toISOString()}'` : '';
    for (;;) {
      const [row] = await this.query(
        `SELECT count(*) FILTER (WHERE state = 'success')::int AS done,
          count(*) FILTER (WHERE state IN ('failed', 'canceled'))::int AS failed FROM run ${ofTick}`,
      );
      if (Number(row?.['failed']) > 0) throw new Error('a run failed');
      if (Number(row?.['done']) >= count) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The runs that have ended. */
  async listTimes(): Promise<readonly RunTimes[]> {
    const rows = await this.query(
      `SELECT job.name AS job, ${toMs('run.scheduled_at')} AS "scheduledAt", ${toMs('run.started_at')} AS "startedAt",
        ${toMs('run.finished_at')} AS "finishedAt" FROM run JOIN job ON job.id = run.job_id WHERE run.finished_at IS NOT NULL`,
    );
    return rows as unknown as readonly RunTimes[];
  }

  /** Asks the database directly. */
  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return (await this.#database.query<Record<string, unknown>>(sql)).rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.end();
    await this.#stage.clear();
  }
}

function toMs(column: string): string {
  return `extract(epoch FROM ${column})::float8 * 1000`;
}

function toPluginYaml(task: string): string {
  return `version: 2
name: ${task}
description: a task of a benchmark
plugin_versions:
  default:
    image: bench/${task}
    tag: 1.0.0
    entrypoint: {script: unused}
`;
}

function toJobYaml({ name, task, upstreams = [], interval = '0 0 * * *' }: BenchJob): string {
  const dependencies = upstreams.map((job) => `  - job: ${job}\n`).join('');
  return `version: 2
name: ${name}
owner: bench@example.io
schedule:
  start_date: "2024-01-01"
  interval: "${interval}"
behavior:
  depends_on_past: false
  catch_up: false
task:
  name: ${task}
  window: {size: 24h, offset: "0", truncate_to: d}
${dependencies && `dependencies:\n${dependencies}`}`;
}

function toClientYaml(host: string): string {
  return `version: 1
host: ${host}
project: {name: ${PROJECT}}
namespaces:
  - name: ${NAMESPACE}
    job: {path: ${NAMESPACE}/jobs}
`;
}
