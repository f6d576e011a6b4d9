import { type Log, toErrorMessage } from '@optimus/domain';
import type { Store } from '@optimus/store';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is read of a store at each scrape. */
export type MeasuredStore = Pick<Store, 'readFigures' | 'poolFigures' | 'measureNotices'>;

const STATEMENT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
/** Tenants with labels of their own: those whose oldest instance has waited longest. */
const MOST_TENANTS = 100;
/** Scrapes that follow each other so soon share one reading. */
const FRESH_MS = 1_000;

/** Registers how long statements take. */
export function createStatementMetrics(registry: Registry): (durationMs: number, isOk: boolean) => void {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'optimus_database_statement_seconds',
    help: 'How long statements took, from here to their answer.',
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'optimus_database_statement_failures_total',
    help: 'Statements that failed.',
    registers,
  });
  return (durationMs, isOk) => {
    seconds.observe(durationMs / 1_000);
    if (!isOk) failures.inc();
  };
}

interface Reading {
  readonly pool: ReturnType<Store['poolFigures']>;
  /** Undefined when the database did not answer. */
  readonly answer: Answer | undefined;
}

interface Answer {
  readonly figures: Awaited<ReturnType<Store['readFigures']>>;
  readonly noticeMs: number | undefined;
}

/** Registers what is read at each scrape: the queue, what is under way, and the state of the connection to the database. */
export function createStoreMetrics(
  registry: Registry,
  store: MeasuredStore,
  { hostId, log }: { readonly hostId: string; readonly log: Log },
): void {
  const read = shareReading(() => readAll(store, hostId, log));
  for (const figure of FIGURES) createFigure(registry, figure, read);
  createPoolMetrics(registry, read);
}

type Labels = Readonly<Record<string, string>>;

/** A gauge and what it shows of an answer. */
interface Figure {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly list: (answer: Answer) => ReadonlyArray<readonly [labels: Labels, value: number]>;
}

const TENANT = ['project', 'namespace'];

const FIGURES: readonly Figure[] = [
  {
    name: 'optimus_runs',
    help: 'Runs that have not ended, by state.',
    labelNames: ['state'],
    list: ({ figures }) => byState(figures.runs),
  },
  {
    name: 'optimus_instances_waiting',
    help: 'Instances that wait to be claimed, by state.',
    labelNames: ['state'],
    list: ({ figures }) => byState(figures.instances),
  },
  {
    name: 'optimus_attempts',
    help: 'Attempts that live, of all servers, by state.',
    labelNames: ['state'],
    list: ({ figures }) => byState(figures.attempts),
  },
  {
    name: 'optimus_executor_running',
    help: 'Attempts that this server runs.',
    labelNames: [],
    list: ({ figures }) => [[{}, figures.ownAttempts]],
  },
  {
    name: 'optimus_queue_waiting',
    help: 'Instances of a tenant that could run, for the tenants that wait longest.',
    labelNames: TENANT,
    list: ({ figures }) =>
      figures.tenants.map(({ project, namespace, number }) => [{ project, namespace }, number]),
  },
  {
    name: 'optimus_queue_oldest_seconds',
    help: 'For how long the oldest of them could have run.',
    labelNames: TENANT,
    list: ({ figures }) =>
      figures.tenants.map(({ project, namespace, oldestS }) => [{ project, namespace }, oldestS]),
  },
  {
    name: 'optimus_database_notice_seconds',
    help: 'How long the notice of a change takes to be heard; NaN when it was not.',
    labelNames: [],
    list: ({ noticeMs = Number.NaN }) => [[{}, noticeMs / 1_000]],
  },
];

function byState(states: Readonly<Record<string, number>>): ReadonlyArray<readonly [Labels, number]> {
  return Object.entries(states).map(([state, number]) => [{ state }, number]);
}

/** Empty while the database does not answer: an old figure would be a wrong one. */
function createFigure(
  registry: Registry,
  { name, help, labelNames, list }: Figure,
  read: () => Promise<Reading>,
): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const { answer } = await read();
      gauge.reset();
      for (const [labels, value] of answer ? list(answer) : []) gauge.set(labels, value);
      if (!answer && labelNames.length === 0) gauge.set(Number.NaN);
    },
  });
}

function createPoolMetrics(registry: Registry, read: () => Promise<Reading>): void {
  const registers = [registry];
  const connections: Gauge = new Gauge({
    name: 'optimus_database_connections',
    help: 'Connections of the pool, by state: idle, busy, or limit for as many as there may be.',
    labelNames: ['state'],
    registers,
    async collect() {
      const { limit, open, idle } = (await read()).pool;
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'busy' }, open - idle);
      connections.set({ state: 'limit' }, limit);
    },
  });
  const waiting: Gauge = new Gauge({
    name: 'optimus_database_waiting',
    help: 'Callers that wait for a connection.',
    registers,
    collect: async () => waiting.set((await read()).pool.waiting),
  });
  const up: Gauge = new Gauge({
    name: 'optimus_database_up',
    help: '1 when the database answered this scrape.',
    registers,
    collect: async () => up.set((await read()).answer ? 1 : 0),
  });
}

/** The pool first: what the reading itself takes is not what is asked for. */
async function readAll(store: MeasuredStore, hostId: string, log: Log): Promise<Reading> {
  const pool = store.poolFigures();
  try {
    const figures = await store.readFigures(hostId, MOST_TENANTS);
    return { pool, answer: { figures, noticeMs: await store.measureNotices() } };
  } catch (thrown) {
    log.debug('a scrape without the database', { error: toErrorMessage(thrown) });
    return { pool, answer: undefined };
  }
}

function shareReading<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly reading: Promise<T> } | undefined;
  return () => {
    if (!last || performance.now() - last.at > FRESH_MS) last = { at: performance.now(), reading: read() };
    return last.reading;
  };
}
