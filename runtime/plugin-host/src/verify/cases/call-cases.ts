import { status } from '@grpc/grpc-js';
import {
  BaseService,
  CLIModService,
  DependencyResolverModService,
  largeRequests,
} from '@optimus/proto/plugins';
import { toCompileAssetsRequest, toResolveRequest } from '../../catalog/mod-messages.ts';
import { isServiceError } from '../../connection/call-failure.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { sampleCompileRequest, sampleResolveRequest } from '../sample-requests.ts';
import type { Reply, VerifiedPlugin } from '../verified-plugin.ts';

type Case = ConformanceCase<VerifiedPlugin>;

const callsAtOnce = 200;
const callsGivenUp = 50;

const atOnceCase: Case = {
  id: 'calls.at-once',
  expects: `answers ${callsAtOnce} calls that are made at once`,
  mend: 'answer calls side by side, without a limit that a host would have to know',
  async check(plugin) {
    await plugin.findDialect();
    const answers = await Promise.all(Array.from({ length: callsAtOnce }, () => plugin.askInfo()));
    const wrong = answers.filter(({ name }) => name !== plugin.info.name).length;
    return wrong === 0 ? undefined : { failed: `${wrong} answers are those of somebody else` };
  },
};

const givenUpCase: Case = {
  id: 'calls.given-up',
  expects: 'goes on as before after calls whose deadline has passed',
  mend: 'end the work of a call that is cancelled, and nothing else',
  async check(plugin) {
    await plugin.findDialect();
    const calls = Array.from({ length: callsGivenUp }, () =>
      callInfo(plugin, { timeoutMs: 1 }).catch(() => undefined),
    );
    await Promise.all(calls);
    await plugin.askInfo();
    return undefined;
  },
};

const unknownMethodCase: Case = {
  id: 'calls.unknown',
  expects: 'answers a method that there is not with UNIMPLEMENTED, and goes on',
  mend: 'leave methods you do not know to the gRPC library',
  async check(plugin) {
    await plugin.findDialect();
    const code = await callInfo(plugin, { timeoutMs: 5000, calledAs: 'NoSuchMethod' }).then(
      () => status.OK,
      (error: unknown) => (isServiceError(error) ? error.code : status.UNKNOWN),
    );
    await plugin.askInfo();
    return code === status.UNIMPLEMENTED ? undefined : { failed: `answers with the status ${status[code]}` };
  },
};

async function callInfo(
  plugin: VerifiedPlugin,
  how: { readonly timeoutMs: number; readonly calledAs?: string },
) {
  const { base, dependencyResolver } = await plugin.findDialect();
  const { connection } = await plugin.open();
  const calledAs = how.calledAs ?? (base === undefined ? 'GetName' : BaseService.method.pluginInfo.name);
  const method = BaseService.method.pluginInfo;
  return connection.call({ ...how, method, servedAs: base ?? dependencyResolver, calledAs, request: {} });
}

const largeBytes = 20 * 1024 * 1024;

const largeCase: Case = {
  id: 'calls.large',
  expects: 'takes a request of 20 MiB, or refuses it with RESOURCE_EXHAUSTED, and goes on',
  mend: `take any size and list ${largeRequests} in api_version, or list it not and keep the usual limit of 4 MiB`,
  async check(plugin) {
    await plugin.findDialect();
    const reply = await sendLarge(plugin);
    if (reply === undefined) return { skipped: 'it has no mod that takes assets' };
    await plugin.askInfo();
    const isRefused = reply.kind === 'refusal' && reply.code === status.RESOURCE_EXHAUSTED;
    if (!isRefused || !plugin.info.apiVersion.includes(largeRequests)) return undefined;
    return { failed: `lists ${largeRequests}, but refuses: ${reply.text}` };
  },
};

async function sendLarge(plugin: VerifiedPlugin): Promise<Reply<unknown> | undefined> {
  const job = { config: [], assets: [{ name: 'large.sql', value: 'x'.repeat(largeBytes) }] };
  const { compileAssets } = CLIModService.method;
  const { generateDependencies } = DependencyResolverModService.method;
  if (plugin.declares('cli')) {
    const request = toCompileAssetsRequest(sampleCompileRequest(job));
    return plugin.ask({ method: compileAssets, service: 'compileAssets', request });
  }
  if (!plugin.declares('dependencyresolver')) return undefined;
  const request = toResolveRequest(sampleResolveRequest(job));
  return plugin.ask({ method: generateDependencies, service: 'dependencyResolver', request });
}

/** How it bears many, broken and large calls. */
export const callCases = [atOnceCase, givenUpCase, unknownMethodCase, largeCase] as const;
