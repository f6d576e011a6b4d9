import { listNamedSecrets } from '@optimus/compiler';
import { type JobSpec, toSuggestion } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import type { NamedRemark } from './note-job-warnings.ts';

/** A secret as the server lists it; an empty namespace is the whole project. */
interface KnownSecret {
  readonly name: string;
  readonly namespace: string;
}

/** A secret that a job's templates name and that its namespace does not see. */
export interface MissingSecret {
  readonly job: string;
  readonly secret: string;
  /** Where it is named first: a dotted path as in `job.yaml`, or `assets.` and the name of an asset. */
  readonly path: string;
  /** Where in the asset, from 1 on. */
  readonly place?: { readonly line: number; readonly column: number };
  /** `, did you mean "…"?` when there is one of nearly that name. */
  readonly suggestion: string;
}

type Jobs = ReadonlyArray<{ readonly namespace: string; readonly spec: JobSpec }>;

/** Asks the server which secrets there are, when jobs name any. A project that is not registered has none, and cannot be asked. */
export async function listMissingSecrets(
  { client, project }: { readonly client: ApiClient; readonly project: string },
  { upserts, isNew }: { readonly upserts: Jobs; readonly isNew: boolean },
): Promise<readonly MissingSecret[]> {
  const named = findMissingSecrets(upserts, []);
  if (isNew || named.length === 0) return named;
  const { secrets } = await client.read(core.SecretService.method.listSecrets, { projectName: project });
  return findMissingSecrets(upserts, secrets);
}

/** What would render as `<no value>`, sorted by job. Pure. */
function findMissingSecrets(jobs: Jobs, known: readonly KnownSecret[]): readonly MissingSecret[] {
  return jobs
    .flatMap(({ namespace, spec }) => {
      const own = known.filter((one) => one.namespace === '' || one.namespace === namespace);
      const visible = new Set(own.map(({ name }) => name));
      const named = listTexts(spec).flatMap(findNamed);
      const first = [...Map.groupBy(named, ({ secret }) => secret).values()].flatMap((all) =>
        all.slice(0, 1),
      );
      return first
        .filter(({ secret }) => !visible.has(secret))
        .map((one) => ({ job: spec.name, ...one, suggestion: toSuggestion(one.secret, [...visible]) }));
    })
    .toSorted((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0));
}

/** What is to be said of them where their jobs are. */
export function toSecretRemark({ job, secret, path, place, suggestion }: MissingSecret): NamedRemark {
  const mend = suggestion || `; set it with: optimus secret set ${secret}`;
  const message = `names the secret "${secret}", which is not there: it renders as <no value>${mend}`;
  return { jobName: job, path, place, message };
}

interface NamingText {
  readonly path: string;
  readonly text: string;
}

function findNamed({ path, text }: NamingText) {
  return listNamedSecrets(text).map(({ name: secret, line, column }) =>
    path.startsWith('assets.') ? { secret, path, place: { line, column } } : { secret, path },
  );
}

function listTexts({ task, hooks, assets }: JobSpec): readonly NamingText[] {
  const toTexts = (owner: string, config: JobSpec['task']['config']) =>
    config.map(({ name, value }) => ({ path: `${owner}.config.${name}`, text: value }));
  return [
    ...toTexts('task', task.config),
    ...hooks.flatMap(({ name, config, when = '' }) => [
      ...toTexts(name, config),
      { path: `${name}.when`, text: when },
    ]),
    ...Object.entries(assets).map(([name, text]) => ({ path: `assets.${name}`, text })),
  ];
}
