import { isWildcard, type JobEdge, type ProbeKind } from '@optimus/domain';
import type { ReadPlace } from './locate-reads.ts';

/** Why the edge is there, in words; why it leads nowhere, when it does. Pure. */
export function toEdgeReason(edge: JobEdge, [place]: readonly ReadPlace[] = []): string {
  if (edge.kind === 'static') return toStaticReason(edge);
  const where = place ? ` at ${place.asset}:${place.line}:${place.column}` : '';
  return `reads ${edge.urn}${where}${toProducer(edge)}`;
}

/** Why runs wait for something that is no job of this server. Pure. */
export function toProbeReason(kind: ProbeKind): string {
  return kind === 'http'
    ? 'named under dependencies: has to answer 2xx before a run begins'
    : 'named under dependencies: a job of another server, whose runs are asked for';
}

function toStaticReason({ upstream, isResolved }: JobEdge): string {
  if (isResolved) return 'named under dependencies';
  return `named under dependencies, but no job "${upstream?.job}" is deployed in project "${upstream?.project}"`;
}

function toProducer({ urn, isResolved, written }: JobEdge): string {
  if (isResolved) return written === undefined ? '' : `, of which it writes ${written}`;
  return isWildcard(urn)
    ? ', of which no other deployed job writes a table'
    : ', which no deployed job writes';
}
