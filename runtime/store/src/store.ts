import type {
  ChangeFeed,
  ContextStore,
  HistoryStore,
  JobIndex,
  JobStore,
  LeaseStore,
  LineageStore,
  Log,
  NamespaceStore,
  ProbeStore,
  ProjectStore,
  RunChangeStore,
  RunFactsStore,
  RunStore,
  ScheduleStore,
  SecretStore,
  Service,
} from '@optimus/domain';
import { ChangeListener } from './change/change-listener.ts';
import { measureNotices } from './change/measure-notices.ts';
import { PostgresContextStore } from './context/context-store.ts';
import type { DatabaseConnection, PoolFigures, TellStatement } from './database/connection-pool.ts';
import { Database } from './database/database.ts';
import { readDatabaseIdentity } from './database/database-identity.ts';
import { readDatabaseTime } from './database/database-time.ts';
import { PostgresRunFactsStore } from './explanation/run-facts-store.ts';
import { readFigures, type StoreFigures } from './figures/read-figures.ts';
import { PostgresHistoryStore } from './history/history-store.ts';
import { PostgresJobIndex } from './job/job-index.ts';
import { PostgresJobStore } from './job/job-store.ts';
import { VersionSpecs } from './job/version-specs.ts';
import { PostgresLeaseStore } from './lease/lease-store.ts';
import { PostgresLineageStore } from './lineage/lineage-store.ts';
import { runMigrations } from './migration/migrator.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { PostgresNamespaceStore } from './project/namespace-store.ts';
import { PostgresProjectStore } from './project/project-store.ts';
import { PostgresProbeStore } from './run/probe-store.ts';
import { PostgresRunStore } from './run/run-store.ts';
import { PostgresScheduleStore } from './run/schedule-store.ts';
import { RESTORE_CHANGES } from './run-change/restore-changes.ts';
import { PostgresRunChangeStore } from './run-change/run-change-store.ts';
import { SecretCipher } from './secret/secret-cipher.ts';
import { PostgresSecretStore } from './secret/secret-store.ts';

/** Every port that the database fulfils, over one pool of connections. */
export interface Store extends Service {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
  readonly jobs: JobStore;
  readonly index: JobIndex;
  readonly schedules: ScheduleStore;
  readonly runs: RunStore;
  readonly history: HistoryStore;
  readonly runChanges: RunChangeStore;
  readonly facts: RunFactsStore;
  readonly probes: ProbeStore;
  readonly leases: LeaseStore;
  readonly contexts: ContextStore;
  readonly lineages: LineageStore;
  readonly changes: ChangeFeed;
  /** Resolves when the database answers. @throws OptimusError `DATABASE_UNAVAILABLE` */
  ping(): Promise<void>;
  /** The time by the database's clock. */
  readNow(): Promise<Date>;
  /** The UUID of the database. Whatever is kept elsewhere under one of its ids is kept apart by it: every database counts from 1. */
  readIdentity(): Promise<string>;
  /** What is unfinished; the `mostTenants` that wait longest. */
  readFigures(hostId: string, mostTenants: number): Promise<StoreFigures>;
  /** Connections at this moment. */
  poolFigures(): PoolFigures;
  /** How long a notice of a change takes, in ms; undefined when this server does not hear its own. */
  measureNotices(): Promise<number | undefined>;
}

/** What a store needs. */
export interface StoreOptions {
  /** A DSN, or the `connection` of an embedded server. */
  readonly connection: DatabaseConnection;
  /** Secrets are encrypted under a key derived from it. */
  readonly appKey: string;
  /** Keys that still decrypt secrets stored under them. */
  readonly previousAppKeys?: readonly string[];
  readonly log: Log;
  /** Connections at most, the one of the change feed not counted; default 20. */
  readonly poolSize?: number;
  /** Default 30,000. Migrations and deploys are exempt. */
  readonly statementTimeoutMs?: number;
  /** For how long changes of runs are kept at least; default a day. */
  readonly runChangesKeptMs?: number;
  /** Told how long each statement took. */
  readonly onStatement?: TellStatement;
}

const DAY_MS = 86_400_000;

/** Makes a store. Nothing is connected before `start`, which also migrates the database. */
export function createStore(options: StoreOptions): Store {
  const { connection, appKey, previousAppKeys, log, poolSize = 20, statementTimeoutMs = 30_000 } = options;
  const { runChangesKeptMs = DAY_MS, onStatement } = options;
  const database = new Database(connection, {
    size: poolSize,
    statementTimeoutMs,
    log,
    ...(onStatement && { onStatement }),
  });
  const specs = new VersionSpecs(database);
  const cipher = new SecretCipher(appKey, previousAppKeys);
  const changes = new ChangeListener(connection, log);
  return {
    name: 'store',
    projects: new PostgresProjectStore(database),
    namespaces: new PostgresNamespaceStore(database),
    secrets: new PostgresSecretStore(database, cipher),
    jobs: new PostgresJobStore(database, specs),
    index: new PostgresJobIndex(database),
    schedules: new PostgresScheduleStore(database),
    runs: new PostgresRunStore(database),
    history: new PostgresHistoryStore(database),
    runChanges: new PostgresRunChangeStore(database, runChangesKeptMs),
    facts: new PostgresRunFactsStore(database),
    probes: new PostgresProbeStore(database),
    leases: new PostgresLeaseStore(database),
    lineages: new PostgresLineageStore(database),
    contexts: new PostgresContextStore(database, specs, cipher),
    changes,
    ping: () => database.withClient(async (client) => void (await client.query('SELECT 1'))),
    readNow: () => readDatabaseTime(database),
    readIdentity: () => readDatabaseIdentity(database),
    readFigures: (hostId, mostTenants) => readFigures(database, hostId, mostTenants),
    poolFigures: () => database.poolFigures,
    measureNotices: () => measureNotices(database, changes),
    async start(signal) {
      await database.withClient((client) => runMigrations(client, MIGRATIONS, log, signal));
      await database.run(RESTORE_CHANGES, []);
      await changes.start();
    },
    async stop() {
      await changes.stop();
      await database.close();
    },
  };
}
