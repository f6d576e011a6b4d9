import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { queryDatabase } from '../stage/query-database.ts';
import type { Ended } from '../stage/run-command.ts';
import type { ServerProcess } from '../stage/server-process.ts';
import { type Stage, setStage } from '../stage/stage.ts';
import { optimusCommand } from '../stage/stage-folder.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { prepareTwoStates, type TwoStates } from './two-states.ts';

/** The tables that a change comes to, in the order in which it does. */
export const CHANGE_STAGES = ['asset', 'job_version', 'job_dependency'];

/** A lock that stops whoever comes to a table. */
export interface HeldTable {
  /** Resolves when a change stands there. */
  waiting(): Promise<void>;
  /** Ends the connections of those who wait. */
  terminate(): Promise<unknown>;
  release(): Promise<void>;
}

/** A server, a repository with two states, and what can happen between them. */
export class FaultStage {
  readonly proxy: CountingProxy;
  readonly states: TwoStates;
  readonly #stage: Stage;
  readonly #plugins: string;
  #server: ServerProcess | undefined;

  private constructor(stage: Stage, proxy: CountingProxy, prepared: TwoStates & { plugins: string }) {
    const { plugins, ...states } = prepared;
    this.#stage = stage;
    this.#plugins = plugins;
    this.proxy = proxy;
    this.states = states;
  }

  static async set(): Promise<FaultStage> {
    const stage = await setStage();
    await stage.configure({});
    const proxy = await startCountingProxy(stage);
    const faults = new FaultStage(stage, proxy, await prepareTwoStates(stage, proxy.address));
    await faults.startServer();
    return faults;
  }

  async startServer(): Promise<void> {
    this.#server = await this.#stage.startServer({ OPTIMUS_PLUGIN_DIRS: this.#plugins });
  }

  killServer(): Promise<unknown> {
    return this.#server?.end('SIGKILL') ?? Promise.resolve();
  }

  /** Kills the database; its server ends with it. */
  async killDatabase(): Promise<void> {
    const file = path.join(this.#stage.dataDir, 'postgres', 'cluster', 'postmaster.pid');
    const [pid = ''] = (await readFile(file, 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    // It ends by itself; a second wish to does no harm.
    await this.#server?.end('SIGTERM');
  }

  optimus(...args: readonly string[]): Promise<Ended> {
    return this.#stage.optimus(args);
  }

  /** A command that goes on while something happens to it. */
  start(...args: readonly string[]): ChildProcess {
    const [program, ...rest] = [...optimusCommand, ...args];
    return spawn(program, rest, { cwd: this.#stage.repository, env: this.#stage.env, stdio: 'ignore' });
  }

  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return queryDatabase(this.#stage, sql);
  }

  /** Everything deployed and everything that follows from it at one moment, as one text. */
  async readState(): Promise<string> {
    const rows = await this.query(
      `WITH deployed AS (
       SELECT namespace.name AS namespace, job.name, content_hash, destination, level, next_scheduled_at,
         (SELECT count(*) FROM job_version_asset WHERE version_id = job.version_id) AS assets
       FROM job JOIN namespace ON namespace.id = namespace_id JOIN job_version ON job_version.id = version_id
         JOIN job_schedule ON job_schedule.job_id = job.id
       WHERE deleted_at IS NULL
     ), edge AS (
       SELECT job.name, urn, upstream.name AS upstream FROM job_dependency JOIN job ON job.id = job_id
         LEFT JOIN job upstream ON upstream.id = upstream_job_id
     )
     SELECT (SELECT jsonb_agg(deployed ORDER BY name) FROM deployed) AS jobs,
       (SELECT jsonb_agg(edge ORDER BY name, urn) FROM edge) AS edges`,
    );
    return JSON.stringify(rows);
  }

  /** Holds a table so that a change that comes to it stops there. */
  async holdTable(table: string): Promise<HeldTable> {
    const socket = path.join(this.#stage.dataDir, 'postgres', 'socket');
    const holder = new Client({ host: socket, port: 5432, user: 'optimus', database: 'optimus' });
    // Its server may be killed.
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const waiting = `FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    const isAnyWaiting = async () => {
      // Within a transaction, what is looked at first stays as it was then.
      await holder.query('SELECT pg_stat_clear_snapshot()');
      return (await holder.query(`SELECT pid ${waiting}`)).rows.length > 0;
    };
    return {
      waiting: () => waitUntil(`a change waits for ${table}`, isAnyWaiting),
      terminate: () => holder.query(`SELECT pg_terminate_backend(pid) ${waiting}`),
      release: () => holder.end().catch(() => undefined),
    };
  }

  async clear(): Promise<void> {
    this.proxy.close();
    await this.#stage.clear();
  }
}

/** Waits for the end of a command and says whether it succeeded. */
export async function awaitEnd(command: ChildProcess): Promise<boolean> {
  if (command.exitCode === null && command.signalCode === null) await once(command, 'exit');
  return command.exitCode === 0;
}
