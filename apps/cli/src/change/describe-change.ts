import { diffSpecs, type FieldChange } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { fromSpecMessage } from '../spec/job-spec-message.ts';
import type { Comparison, Upsert } from './compare-jobs.ts';
import type { MissingSecret } from './find-missing-secrets.ts';
import type { DescribedRegistration } from './registration.ts';
import { toChangeLines } from './to-change-lines.ts';

/** A job that a plan changes. */
export interface DescribedJob {
  readonly namespace: string;
  readonly job: string;
  readonly action: 'create' | 'change' | 'move' | 'delete';
  readonly movedFrom?: string;
  /** Only of a job that is changed or moved. */
  readonly fields: readonly FieldChange[];
  /** Whether runs made so far covered other windows than the new version would: a replay would tell other data. */
  readonly needsReplay: boolean;
}

/** A dependency that a plan brings or takes. */
export interface DescribedEdge {
  readonly job: string;
  /** `project/job`; empty when nobody is known to write what is read. */
  readonly upstream: string;
  readonly kind: string;
  readonly urn: string;
  /** Whether the upstream is a deployed job; runs wait for no other. */
  readonly isResolved: boolean;
}

/** What a plan would do, as data. */
export interface DescribedChange {
  readonly project: string;
  /** The project and namespaces that are to be registered, or get another configuration. */
  readonly registrations: readonly DescribedRegistration[];
  readonly jobs: readonly DescribedJob[];
  readonly unchanged: number;
  readonly gained: readonly DescribedEdge[];
  readonly lost: readonly DescribedEdge[];
  /** Jobs of any tenant that wait for a changed one. */
  readonly downstream: ReadonlyArray<{
    readonly project: string;
    readonly namespace: string;
    readonly job: string;
  }>;
  readonly missingSecrets: ReadonlyArray<Pick<MissingSecret, 'job' | 'secret'>>;
}

/** Puts together what the folder and the server know of a change. Pure. */
export function describeChange(
  project: string,
  { upserts, deletions, unchanged }: Comparison,
  {
    summary,
    missingSecrets,
    registrations,
  }: Pick<DescribedChange, 'missingSecrets' | 'registrations'> & {
    readonly summary: core.ChangeSummary | undefined;
  },
): DescribedChange {
  const stored = new Map((summary?.stored ?? []).map((spec) => [spec.name, fromSpecMessage(spec)]));
  const deleted = deletions.map(({ namespace, name: job }): DescribedJob => {
    return { namespace, job, action: 'delete', fields: [], needsReplay: false };
  });
  const jobs = upserts.map((upsert) => describeUpsert(upsert, stored.get(upsert.spec.name)));
  return {
    project,
    registrations,
    jobs: [...jobs, ...deleted].toSorted((a, b) =>
      compareText(`${a.namespace}/${a.job}`, `${b.namespace}/${b.job}`),
    ),
    unchanged: unchanged.length,
    gained: (summary?.gained ?? []).map(describeEdge),
    lost: (summary?.lost ?? []).map(describeEdge),
    downstream: (summary?.downstream ?? []).map(({ projectName, namespaceName, jobName }) => ({
      project: projectName,
      namespace: namespaceName,
      job: jobName,
    })),
    missingSecrets: missingSecrets.map(({ job, secret }) => ({ job, secret })),
  };
}

const WINDOW_FIELDS = /^(task\.window|schedule\.interval|version$)/;

function describeUpsert(
  { namespace, spec, movedFrom }: Upsert,
  before: Upsert['spec'] | undefined,
): DescribedJob {
  const fields = before ? diffSpecs(before, spec) : [];
  const action = movedFrom !== undefined ? 'move' : before ? 'change' : 'create';
  const needsReplay = fields.some(({ path }) => WINDOW_FIELDS.test(path));
  return {
    namespace,
    job: spec.name,
    action,
    ...(movedFrom !== undefined && { movedFrom }),
    fields,
    needsReplay,
  };
}

function describeEdge({
  jobName,
  upstreamProjectName,
  upstreamJobName,
  kind,
  urn,
  isResolved,
}: core.JobEdge): DescribedEdge {
  const upstream = upstreamJobName === '' ? '' : `${upstreamProjectName}/${upstreamJobName}`;
  return { job: jobName, upstream, kind, urn, isResolved };
}

const SIGNS = { create: '+', change: '~', move: '>', delete: '-' } as const;

/** A plan for people. */
export function toPlanLines(change: DescribedChange): readonly string[] {
  const count = (action: DescribedJob['action']): number =>
    change.jobs.filter((job) => job.action === action).length;
  const counts = `${count('create')} to create, ${count('change')} to change, ${count('move')} to move, ${count('delete')} to delete`;
  return [
    `project ${change.project}: ${counts}, ${change.unchanged} unchanged`,
    ...change.registrations.flatMap(toRegistrationLines),
    ...change.jobs.flatMap(toJobLines),
    ...toSection('dependencies gained', change.gained.map(toEdgeLine)),
    ...toSection('dependencies lost', change.lost.map(toEdgeLine)),
    ...toSection('jobs downstream', toTenantLines(change.downstream)),
    ...toSection(
      'secrets that are missing',
      change.missingSecrets.map(({ job, secret }) => `${secret}, named by ${job}`),
    ),
    ...toSection(
      'runs so far covered other windows; replay them if their data matters',
      change.jobs.filter(({ needsReplay }) => needsReplay).map(({ job }) => job),
    ),
  ];
}

function toRegistrationLines({ action, kind, name, fields }: DescribedRegistration): readonly string[] {
  const lines = fields.flatMap(toChangeLines).map((line) => `    ${line}`);
  return [`${SIGNS[action]} ${kind} ${name}`, ...lines];
}

function toJobLines({ action, namespace, job, movedFrom, fields }: DescribedJob): readonly string[] {
  const from = movedFrom === undefined ? '' : ` from ${movedFrom}`;
  const lines = fields.flatMap(toChangeLines).map((line) => `    ${line}`);
  return [`${SIGNS[action]} ${namespace}/${job}${from}`, ...lines];
}

function toEdgeLine({ job, upstream, urn, isResolved }: DescribedEdge): string {
  const read = urn === '' ? '' : ` (reads ${urn})`;
  const state = isResolved ? '' : ' (unresolved: not deployed)';
  return upstream === '' ? `${job} reads ${urn}, which no job writes` : `${job} ← ${upstream}${read}${state}`;
}

function toTenantLines(jobs: DescribedChange['downstream']): readonly string[] {
  const byTenant = Map.groupBy(jobs, ({ project, namespace }) => `${project}/${namespace}`);
  return [...byTenant].map(([tenant, own]) => `${tenant}: ${own.map(({ job }) => job).join(', ')}`);
}

function toSection(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
