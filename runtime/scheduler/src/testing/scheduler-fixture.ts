import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeWindow } from '@optimus/compiler';
import {
  deployJobs,
  invariant,
  type JobSpec,
  NO_RESOURCES,
  parseJobName,
  parseProjectName,
  type RunDetail,
  registerNamespace,
  registerProject,
  type Service,
  SILENT_LOG,
} from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { createProcessExecutor } from '@optimus/executors';
import { createTestDatabase, type TestDatabase } from '@optimus/store/testing';
import { Client } from 'pg';
import { vi } from 'vitest';
import type { EmbeddedSchedulerOptions } from '../embedded/embedded-scheduler.ts';
import { createServer, plugins, type ServerParts } from './scheduler-server.ts';

const PROJECT = 'space';
const NAMESPACE = 'sky';
/** A job of shell scripts on a database and a data directory of their own. */
export class SchedulerFixture {
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly #servers: Service[] = [];
  #serverCount = 0;

  constructor(database: TestDatabase, dataDir: string) {
    this.database = database;
    this.dataDir = dataDir;
  }

  static async create(): Promise<SchedulerFixture> {
    const database = await createTestDatabase({ poolSize: 10 });
    const dataDir = await mkdtemp(join(tmpdir(), 'scheduler-'));
    await registerProject({ ...database.store, computeWindow }, { name: PROJECT, config: {} });
    await registerNamespace(database.store, { project: PROJECT, name: NAMESPACE, config: {} });
    return new SchedulerFixture(database, dataDir);
  }

  async drop(): Promise<void> {
    for (const server of this.#servers) await server.stop();
    await createProcessExecutor({ dataDir: this.dataDir, images: {}, log: SILENT_LOG }).discardExcept(
      new Set(),
    );
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Starts a scheduler in this process; it stops with the fixture. */
  async startServer(
    parts: Partial<ServerParts> = {},
    overrides: Partial<EmbeddedSchedulerOptions> = {},
  ): Promise<Service> {
    const { store } = this.database;
    const serverId = `server-${++this.#serverCount}`;
    const server = createServer(
      { store, dataDir: this.dataDir, hostId: 'host', serverId, ...parts },
      overrides,
    );
    this.#servers.push(server);
    await server.start(new AbortController().signal);
    return server;
  }

  /** Deploys the daily job of one week, seven runs that are all due, with the script as its task. */
  async deploy(script: string, overrides: Partial<JobSpec> = {}): Promise<void> {
    const base = makeJobSpec();
    const config = [{ name: 'SCRIPT', value: script }];
    await this.deployJobs([{ ...base, task: { ...base.task, config }, ...overrides }]);
  }

  /** Makes these the jobs of the namespace. */
  async deployJobs(jobs: readonly JobSpec[]): Promise<void> {
    // What a deployment would refuse is deployed here all the same: runs must survive it.
    const inferResources = async () => ({ ...NO_RESOURCES, problems: [] });
    const checks = {
      others: { names: [] },
      computeWindow,
      findTemplateProblems: () => [],
      findMissingValues: () => [],
      inferResources,
    };
    const deps = { ...this.database.store, plugins, ...checks, now: () => new Date() };
    const request = { project: PROJECT, namespace: NAMESPACE, jobs, isComplete: true, author: 'test' };
    const { refused } = await deployJobs(deps, request);
    invariant(refused.length === 0, 'the jobs are deployed');
  }

  /** Deploys a job of one run. */
  deployOne(script: string, overrides: Partial<JobSpec> = {}): Promise<void> {
    const schedule = { startDate: '2022-09-18', endDate: '2022-09-19', interval: '0 2 * * *' };
    return this.deploy(script, { schedule, ...overrides });
  }

  /** A script that notes its start in {@link trace}, and then does the rest. */
  toScript(rest = ''): string {
    return `echo "$SCHEDULED_AT" >> ${this.#tracePath}; ${rest}`;
  }

  /** The ticks for which a task was started, in order. */
  trace(): readonly string[] {
    return existsSync(this.#tracePath) ? readFileSync(this.#tracePath, 'utf8').trim().split('\n') : [];
  }

  /** The runs of a job, the oldest tick first. */
  async runs(job = 'near-earth-objects'): Promise<readonly RunDetail[]> {
    const key = { project: parseProjectName(PROJECT), job: parseJobName(job) };
    const runs = await this.database.store.runs.list({ ...key, limit: 1000 });
    return runs.toReversed();
  }

  /** Resolves with the runs when there are so many and all have ended. */
  waitForEnd(count: number, timeoutMs = 15_000, job?: string): Promise<readonly RunDetail[]> {
    return vi.waitFor(
      async () => {
        const runs = await this.runs(job);
        const ended = runs.filter(({ state }) => state === 'success' || state === 'failed');
        invariant(
          ended.length === count,
          `${count} runs have ended, of ${runs.map(({ state }) => state).join()}`,
        );
        return runs;
      },
      { timeout: timeoutMs, interval: 20 },
    );
  }

  waitForTrace(count: number): Promise<void> {
    return vi.waitFor(() => invariant(this.trace().length >= count, `${count} tasks have started`), {
      timeout: 15_000,
      interval: 5,
    });
  }

  /** Runs SQL on the database, past everything of ours. */
  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.database.dsn });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  get #tracePath(): string {
    return join(this.dataDir, 'trace');
  }
}
