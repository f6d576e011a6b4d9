import type { HttpDependency, JobDependency } from '../job/job-spec.ts';

/** What a run waits for beyond the jobs of this server: an endpoint that has to answer, runs of another server's job. */
export type ProbeKind = 'http' | 'external';

/** How the outcome of asking for another server's job begins where no other server is configured. */
export const KNOWS_NO_OTHER = 'this server knows no other one';

/** A probe as it is planned with its run. */
export interface PlannedProbe {
  readonly kind: ProbeKind;
  /** Unique for run and kind. For `http`: the name of the endpoint; for `external`: `project/job`, or the URN that its job writes. */
  readonly name: string;
  /** What is asked, as people may see it: without the query, and without any value of a secret. */
  readonly target: string;
}

/** A probe that has not been met, as listings show it. */
export interface OpenProbe extends PlannedProbe {
  /** How often it was tried, a try that is under way counted. */
  readonly tries: number;
  /** What came of the last try, in words without any value of a secret; empty before the first one has ended. */
  readonly lastOutcome: string;
  readonly lastProbedAt: Date | undefined;
  /** When it is tried again; while a try is under way: when another server takes it over. */
  readonly nextProbeAt: Date;
}

/** The endpoints that a specification has its runs wait for. */
export function listHttpDependencies(spec: {
  readonly dependencies: readonly JobDependency[];
}): readonly HttpDependency[] {
  return spec.dependencies.flatMap(({ http }) => (http ? [http] : []));
}

/** The probes of a job's runs: `urns` are what it reads and other servers are asked for. Pure. */
export function planProbes(
  spec: { readonly dependencies: readonly JobDependency[] },
  urns: readonly string[] = [],
): readonly PlannedProbe[] {
  const endpoints = listHttpDependencies(spec).map(
    ({ name, url }): PlannedProbe => ({ kind: 'http', name, target: toTarget(url) }),
  );
  const others = spec.dependencies.filter(({ type }) => type === 'extra').map(({ name }) => name);
  return [
    ...endpoints,
    ...[...new Set([...others, ...urns])].map(
      (name): PlannedProbe => ({ kind: 'external', name, target: name }),
    ),
  ];
}

/** An address, or the template of one, as people may see it: a query may hold what is nobody's business, and so may user and password. */
export function toTarget(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return path.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * How long to leave a probe alone after so many tries that did not meet it: seconds first, minutes in the end. `random` from 0 to 1
 * takes up to half away, so that a thousand runs do not ask in one moment. Pure.
 */
export function planNextProbe(tries: number, random: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(Math.max(tries - 1, 0), 20), LONGEST_PAUSE_MS);
  return full * (1 - random / 2);
}
