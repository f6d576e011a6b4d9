import { createRandom, type Random } from '@optimus/spec/testing';

/** The layers of a lake, each made from those before it. */
export const LAYERS = ['raw', 'staging', 'marts', 'reports'] as const;

/** The teams that own its tables. */
export const TENANTS = ['ingest', 'commerce', 'marketing'] as const;

export type Layer = (typeof LAYERS)[number];
export type Tenant = (typeof TENANTS)[number];

/** A table, the job that writes it, and what that job reads. */
export interface LakeTable {
  readonly tenant: Tenant;
  readonly layer: Layer;
  /** What it is about; the folder that its job lies in. */
  readonly subject: string;
  readonly dataset: string;
  readonly table: string;
  /** Full names, `dataset.table`; a few are written by nobody, as in every lake. */
  readonly reads: readonly string[];
  /** The table whose job its own job names as a dependency besides. */
  readonly namedUpstream: LakeTable | undefined;
  /** Decides what its specification and its SQL look like. */
  readonly random: Random;
}

/** The project of the tables, as the SQL names it. */
export const LAKE_PROJECT = 'acme-lake';

const SUBJECTS = [
  'orders',
  'payments',
  'customers',
  'sessions',
  'campaigns',
  'inventory',
  'refunds',
  'shipments',
  'reviews',
  'prices',
] as const;

/** The parts of all jobs that a layer has, in percent. */
const SHARES: Readonly<Record<Layer, number>> = { raw: 30, staging: 30, marts: 30, reports: 10 };

/** A lake with as many tables as jobs are wanted: the same one for the same seed. Pure. */
export function planLake(jobs: number, seed: number): readonly LakeTable[] {
  const random = createRandom(seed);
  const tables: LakeTable[] = [];
  let above: readonly LakeTable[] = [];
  for (const layer of LAYERS) {
    const isLast = layer === 'reports';
    const count = isLast ? jobs - tables.length : Math.round((jobs * SHARES[layer]) / 100);
    const made = Array.from({ length: count }, (_, index) => planTable(layer, index, above, random));
    tables.push(...made);
    above = made;
  }
  return tables;
}

function planTable(layer: Layer, index: number, above: readonly LakeTable[], random: Random): LakeTable {
  const tenant = TENANTS[index % TENANTS.length] ?? 'ingest';
  const subject = random.pick(SUBJECTS);
  const own = createRandom(random.below(2 ** 31));
  const upstreams = Array.from({ length: 1 + own.below(3) }, () => pickUpstream(above, index, own));
  const known = upstreams.filter((upstream) => upstream !== undefined);
  return {
    tenant,
    layer,
    subject,
    dataset: `${tenant}_${layer}`,
    table: `${subject}_${String(index).padStart(5, '0')}`,
    reads: [...new Set([...known.map(toFullName), ...listForeign(layer, own)])],
    namedUpstream: own.below(20) === 0 ? known[0] : undefined,
    random: own,
  };
}

/** Mostly a neighbour's table: jobs of one team read each other's, now and then one from far away. */
function pickUpstream(above: readonly LakeTable[], index: number, random: Random): LakeTable | undefined {
  if (above.length === 0) return undefined;
  const isNear = random.below(4) > 0;
  const at = isNear ? index + TENANTS.length * (random.below(9) - 4) : random.below(above.length);
  return above[((at % above.length) + above.length) % above.length];
}

/** What comes from outside: the raw layer has nothing else. */
function listForeign(layer: Layer, random: Random): readonly string[] {
  if (layer === 'raw') return [`landing.events_${random.below(50)}`];
  return random.below(5) === 0 ? [`reference.calendar_${random.below(5)}`] : [];
}

/** `dataset.table`. */
function toFullName({ dataset, table }: LakeTable): string {
  return `${dataset}.${table}`;
}

/** The name of the job that writes a table. */
export function toJobName({ dataset, table }: LakeTable): string {
  return `${LAKE_PROJECT}.${dataset}.${table}`;
}
