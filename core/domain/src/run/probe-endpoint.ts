import { toErrorMessage } from '../error/optimus-error.ts';
import type { ContextStore } from '../ports/context-store.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { DueProbe } from '../ports/probe-store.ts';
import { maskText, SecretPatterns } from '../secret/masking/index.ts';
import { compileEndpoint, type EndpointRequest, listEndpointSecrets } from './compile-endpoint.ts';
import type { CompileRunContext } from './run-context.ts';
import { listHttpDependencies, toTarget } from './run-probe.ts';

/** What trying a probe needs of the world. */
export interface ProbeDeps {
  readonly contexts: ContextStore;
  readonly http: HttpClient;
  readonly compileRunContext: CompileRunContext;
}

/** What came of a try; neither the outcome nor the target holds the value of a secret. */
export type ProbeOutcome =
  | { readonly isMet: true }
  | { readonly isMet: false; readonly outcome: string; readonly target?: string };

/** The whole of one try. */
const TIMEOUT_MS = 20_000;

/**
 * Asks an endpoint once, its address, parameters and headers compiled for the run: any answer of 2xx meets the probe. What the
 * endpoint or its templates do wrong is an outcome.
 */
export async function probeEndpoint(
  deps: ProbeDeps,
  { project, job, scheduledAt, name }: DueProbe,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const source = await deps.contexts.findSource({ project, job, scheduledAt });
  const endpoint = source && listHttpDependencies(source.job.spec).find((http) => http.name === name);
  if (!endpoint) return { isMet: false, outcome: 'its job is not deployed any more' };
  const patterns = new SecretPatterns(Object.values(listEndpointSecrets(source)));
  const mask = (text: string): string => maskText(text, patterns);
  try {
    const request = compileEndpoint(deps.compileRunContext, source, endpoint);
    const outcome = await ask(deps.http, request, signal);
    if (outcome === undefined) return { isMet: true };
    return { isMet: false, outcome: mask(outcome), target: mask(toTarget(request.url)) };
  } catch (thrown) {
    return { isMet: false, outcome: mask(toErrorMessage(thrown)) };
  }
}

/** Why the endpoint has not answered as it must; undefined when it has. */
async function ask(
  http: HttpClient,
  request: EndpointRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await http.get({ ...request, timeoutMs: TIMEOUT_MS, maxBodyBytes: 0, signal });
    return status >= 200 && status < 300 ? undefined : `answered ${status}`;
  } catch (thrown) {
    return toErrorMessage(thrown);
  }
}
