import { DependencyResolverModService } from '@optimus/proto/plugins';
import { toResolveRequest } from '../../catalog/mod-messages.ts';
import type { ConformanceCase, Finding } from '../conformance-case.ts';
import { sampleResolveRequest } from '../sample-requests.ts';
import type { VerifiedPlugin } from '../verified-plugin.ts';

type Case = ConformanceCase<VerifiedPlugin>;

const { generateDestination, generateDependencies } = DependencyResolverModService.method;
const service = 'dependencyResolver';
const job = {
  config: [{ name: 'TABLE', value: 'p:d.t' }],
  assets: [{ name: 'query.sql', value: 'select 1' }],
};

function ofResolver(check: (plugin: VerifiedPlugin) => Promise<Finding>): Case['check'] {
  return async (plugin) => {
    await plugin.findDialect();
    return plugin.declares('dependencyresolver')
      ? check(plugin)
      : { skipped: 'it has no dependencyresolver mod' };
  };
}

const destinationCase: Case = {
  id: 'resolver.destination',
  expects:
    'tells what a job writes as a destination with a type, or that it writes nothing, or why it cannot tell',
  mend: 'fill in destination_type along with destination',
  check: ofResolver(async (plugin) => {
    const request = toResolveRequest(sampleResolveRequest(job));
    const reply = await plugin.ask({ method: generateDestination, service, request });
    if (reply.kind === 'refusal') return reply.text === '' ? { failed: 'refuses without a word' } : undefined;
    const { destination, destinationType } = reply.message;
    if (destination === '' || destinationType !== '') return undefined;
    return { failed: `tells the destination "${destination}" without a type` };
  }),
};

const dependenciesCase: Case = {
  id: 'resolver.dependencies',
  expects: 'tells what a job reads, each once and none empty, or why it cannot tell',
  mend: 'take empty and repeated entries out of dependencies',
  check: ofResolver(async (plugin) => {
    const request = toResolveRequest(sampleResolveRequest(job));
    const reply = await plugin.ask({ method: generateDependencies, service, request });
    if (reply.kind === 'refusal') return reply.text === '' ? { failed: 'refuses without a word' } : undefined;
    const { dependencies } = reply.message;
    if (dependencies.includes('')) return { failed: 'tells a dependency without a name' };
    const isRepeated = new Set(dependencies).size < dependencies.length;
    return isRepeated ? { failed: 'tells the same dependency twice' } : undefined;
  }),
};

const emptyCase: Case = {
  id: 'resolver.empty',
  expects: 'answers for a job that has neither configuration nor assets, or says why it cannot',
  mend: 'take every part of the request to be empty at times',
  check: ofResolver(async (plugin) => {
    const request = toResolveRequest(sampleResolveRequest({ config: [], assets: [] }));
    const replies = [
      await plugin.ask({ method: generateDestination, service, request }),
      await plugin.ask({ method: generateDependencies, service, request }),
    ];
    const isWordless = replies.some((reply) => reply.kind === 'refusal' && reply.text === '');
    return isWordless ? { failed: 'refuses without a word' } : undefined;
  }),
};

/** The mod that tells what a job writes and reads. */
export const resolverCases = [destinationCase, dependenciesCase, emptyCase] as const;
