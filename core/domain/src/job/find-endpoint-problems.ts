import { toErrorMessage } from '../error/optimus-error.ts';
import { listHttpDependencies } from '../run/run-probe.ts';
import type { HttpDependency, JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';
import { listRepeated } from './list-repeated.ts';

/** What a header's name may be made of. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Headers that belong to the connection and not to what is asked. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Everything wrong with the endpoints that runs wait for. Pure. */
export function findEndpointProblems(spec: Pick<JobSpec, 'dependencies'>): readonly JobSpecProblem[] {
  const endpoints = listHttpDependencies(spec);
  const repeated = new Set(listRepeated(endpoints.map(({ name }) => name)));
  return endpoints.flatMap((endpoint, index) => {
    const { name } = endpoint;
    const path = `dependencies.http.${name}`;
    const messages = [
      ...(name === '' ? ['has no name'] : []),
      ...(repeated.has(index) ? ['has the name of another endpoint'] : []),
      ...findAddressProblem(endpoint),
      ...findHeaderProblems(endpoint),
    ];
    return messages.map((message) => ({ path, message }));
  });
}

/** @throws TypeError when the text is no address that can be asked, whatever its templates make of it */
export function assertWebAddress(text: string): void {
  // A template may make the beginning, and stands for some letters everywhere else.
  const filled = text.replace(/^\{\{.*?\}\}/, 'http://x').replaceAll(/\{\{.*?\}\}/g, 'x');
  const { protocol, username, password } = new URL(filled);
  if (!/^https?:$/.test(protocol)) throw new TypeError('it must begin with http:// or https://');
  if (username !== '' || password !== '')
    throw new TypeError('it holds a user or a password: write them into a header');
}

function findAddressProblem({ url }: HttpDependency): readonly string[] {
  try {
    assertWebAddress(url);
    return [];
  } catch (thrown) {
    return [`has a url that cannot be asked: ${toErrorMessage(thrown)}`];
  }
}

function findHeaderProblems({ headers }: HttpDependency): readonly string[] {
  return Object.keys(headers).flatMap((name) => {
    if (!HEADER_NAME.test(name)) return [`has the header ${JSON.stringify(name)}, which is no name of one`];
    return OWN_HEADERS.has(name.toLowerCase())
      ? [`has the header ${name}, which is the connection's own`]
      : [];
  });
}
