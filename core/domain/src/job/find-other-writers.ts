import { OptimusError } from '../error/optimus-error.ts';
import type { OtherJobKey, OtherServers } from '../ports/other-servers.ts';
import type { JobEdge } from './job-edge.ts';
import { isWildcard } from './resource-match.ts';

/** Who of other servers writes what no job here writes. */
export type OtherWriter =
  | { readonly kind: 'job'; readonly job: OtherJobKey & { readonly server: string } }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Asks other servers who writes what the edges read and nobody here writes, by URN. Never throws: that a server does not answer before
 * the signal is an answer too. Without other servers nobody is asked.
 */
export async function findOtherWriters(
  others: Pick<OtherServers, 'names' | 'findWriter'>,
  edges: readonly JobEdge[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, OtherWriter>> {
  if (others.names.length === 0) return new Map();
  const open = edges.filter(
    ({ kind, isResolved, urn }) => kind === 'inferred' && !isResolved && !isWildcard(urn),
  );
  const urns = [...new Set(open.map(({ urn }) => urn))];
  const find = async (urn: string) => [urn, await findWriter(others, urn, signal)] as const;
  return new Map(await Promise.all(urns.map(find)));
}

async function findWriter(
  { names, findWriter: find }: Pick<OtherServers, 'names' | 'findWriter'>,
  urn: string,
  signal: AbortSignal,
): Promise<OtherWriter> {
  try {
    const job = await find(urn, signal);
    return job ? { kind: 'job', job } : { kind: 'nobody' };
  } catch (thrown) {
    const isTold = thrown instanceof OptimusError;
    return { kind: 'unknown', reason: isTold ? thrown.message : `no answer of ${names.join(', ')} in time` };
  }
}
