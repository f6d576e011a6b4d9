import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseJobName, parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import {
  createStore,
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  type Store,
  startEmbeddedPostgres,
} from '@optimus/store';
import { Client } from 'pg';
import { fillHistory, JOBS } from './fill-history.ts';

/** A store on an embedded PostgreSQL of its own, as large as it is filled. */
export class HistoryDatabase implements AsyncDisposable {
  readonly store: Store;
  readonly client: Client;
  readonly #server: EmbeddedPostgres;
  readonly #folder: string;
  #runs = 0;

  private constructor(parts: {
    readonly store: Store;
    readonly client: Client;
    readonly server: EmbeddedPostgres;
    readonly folder: string;
  }) {
    this.store = parts.store;
    this.client = parts.client;
    this.#server = parts.server;
    this.#folder = parts.folder;
  }

  static async create(folder: string): Promise<HistoryDatabase> {
    const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'data'), log: SILENT_LOG });
    const { connection } = server;
    const store = createStore({ connection, appKey: 'measured', log: SILENT_LOG });
    await store.start(new AbortController().signal);
    const client = new Client(connection);
    await client.connect();
    await deployStored(store);
    return new HistoryDatabase({ store, client, server, folder });
  }

  /** Adds ended runs until there are so many. */
  async grow(runs: number): Promise<void> {
    await fillHistory(this.client, this.#runs, runs);
    this.#runs = runs;
  }

  /** How much the database takes on disk, for people. */
  async readSize(): Promise<string> {
    const sql = 'SELECT pg_size_pretty(pg_database_size(current_database())) AS size';
    return (await this.client.query<{ size: string }>(sql)).rows[0]?.size ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
    await this.store.stop();
    await this.#server.stop();
    await removeEmbeddedPostgres(path.join(this.#folder, 'data'), SILENT_LOG);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const PROJECTS = 3;
const NAMESPACES = 4;

/** The jobs whose runs are stored; their schedules are over. */
async function deployStored(store: Store): Promise<void> {
  for (let each = 0; each < PROJECTS; each += 1) {
    const project = parseProjectName(`project-${each}`);
    await store.projects.save({ name: project, config: {} });
    for (let tenant = 0; tenant < NAMESPACES; tenant += 1) {
      const namespace = parseNamespaceName(`tenant-${tenant}`);
      await store.namespaces.save({ project, name: namespace, config: {} });
      const numbers = Array.from({ length: JOBS }, (_, number) => number).filter(
        (number) => number % (PROJECTS * NAMESPACES) === each * NAMESPACES + tenant,
      );
      const upserts = numbers.map((number) =>
        toUpsert({ project, namespace }, makeJobSpec({ name: parseJobName(`stored-${number}`) })),
      );
      await store.jobs.apply({ project, upserts, deletes: [], author: 'bench' });
    }
  }
}
