import type { JobSpec } from '@optimus/domain';

/** A secret as the server lists it; an empty namespace is the whole project. */
export interface KnownSecret {
  readonly name: string;
  readonly namespace: string;
}

/** A secret that a job's templates name and that its namespace does not see. */
export interface MissingSecret {
  readonly job: string;
  readonly secret: string;
}

const REFERENCE = /\.secret\.([A-Za-z_]\w*)/g;

/** What would render as `<no value>`, sorted by job. Pure. */
export function findMissingSecrets(
  jobs: ReadonlyArray<{ readonly namespace: string; readonly spec: JobSpec }>,
  known: readonly KnownSecret[],
): readonly MissingSecret[] {
  const visible = new Set(known.map(({ name, namespace }) => `${namespace}/${name}`));
  return jobs
    .flatMap(({ namespace, spec }) => {
      const names = new Set(
        listTexts(spec).flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name)),
      );
      return [...names]
        .filter((name) => !visible.has(`/${name}`) && !visible.has(`${namespace}/${name}`))
        .map((secret) => ({ job: spec.name, secret }));
    })
    .toSorted((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0));
}

function listTexts({ task, hooks, assets }: JobSpec): readonly string[] {
  const items = [...task.config, ...hooks.flatMap(({ config }) => config)];
  const conditions = hooks.map(({ when = '' }) => when);
  return [...items.map(({ value }) => value), ...conditions, ...Object.values(assets)];
}
