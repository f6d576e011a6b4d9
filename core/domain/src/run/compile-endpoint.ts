import { OptimusError } from '../error/optimus-error.ts';
import type { HttpDependency } from '../job/job-spec.ts';
import type { ContextSource } from '../ports/context-store.ts';
import { listSecretsFor } from '../secret/plugin-secret.ts';
import type { CompileRunContext } from './run-context.ts';
import { toTarget } from './run-probe.ts';

/** What to ask an endpoint. Holds secrets. */
export interface EndpointRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Templates of an endpoint are no plugin's: they see the secrets that every instance sees. */
const NOBODY = { type: 'task', name: '' } as const;

/** The values that an endpoint's templates could use, whether they did or not. */
export function listEndpointSecrets(source: ContextSource): Readonly<Record<string, string>> {
  return listSecretsFor(source.secrets, NOBODY);
}

/**
 * An endpoint's address, parameters and headers for a run. Pure.
 * @throws OptimusError `TEMPLATE_*`, also for a value that is missing, `SPEC_INVALID` when what comes out is no address
 */
export function compileEndpoint(
  compileRunContext: CompileRunContext,
  source: ContextSource,
  endpoint: HttpDependency,
): EndpointRequest {
  const compiled = compileTexts(compileRunContext, source, endpoint);
  const url = parseAddress(compiled['url'] ?? '');
  for (const name of Object.keys(endpoint.params))
    url.searchParams.append(name, compiled[`params.${name}`] ?? '');
  const headers = Object.keys(endpoint.headers).map((name) => [name, compiled[`headers.${name}`] ?? '']);
  return { url: url.href, headers: Object.fromEntries(headers) };
}

/** Compiles the texts as the configuration of a task; no variable of an instance has a dot in its name. */
function compileTexts(
  compileRunContext: CompileRunContext,
  source: ContextSource,
  { name, url, headers, params }: HttpDependency,
): Readonly<Record<string, string>> {
  const { job, project, namespace, run, now } = source;
  const config = [
    { name: 'url', value: url },
    ...Object.entries(headers).map(([key, value]) => ({ name: `headers.${key}`, value })),
    ...Object.entries(params).map(([key, value]) => ({ name: `params.${key}`, value })),
  ];
  const task = { ...job.spec.task, name: NOBODY.name, config };
  const { envs, secrets, warnings } = compileRunContext({
    job: { ...job, spec: { ...job.spec, task } },
    project,
    namespace,
    secrets: listEndpointSecrets(source),
    window: run?.window ?? { start: now, end: now },
    scheduledAt: run?.scheduledAt ?? now,
    executionTime: run?.executionTime ?? now,
    instance: NOBODY,
    assets: {},
  });
  const [warning] = warnings;
  if (warning !== undefined)
    throw new OptimusError('TEMPLATE_FAILED', { message: `endpoint "${name}": ${warning}` });
  return { ...envs, ...secrets };
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new OptimusError('SPEC_INVALID', {
    message: `the address ${JSON.stringify(toTarget(text))} does not begin with http:// or https://, or holds user and password`,
    hint: 'correct the url of the dependency; write credentials into a header',
  });
}
