import { isWildcard, type JobEdge, type OtherWriter, type ProbeKind } from '@optimus/domain';
import type { ReadPlace } from './locate-reads.ts';

/** What is known of an edge besides itself. */
export interface EdgeSurroundings {
  /** Where the job's assets name what it reads. */
  readonly places?: readonly ReadPlace[];
  /** Who of other servers writes what nobody here writes; absent: there are no other servers. */
  readonly otherWriter?: OtherWriter | undefined;
}

/** Why the edge is there, in words; why it leads nowhere here, when it does. Pure. */
export function toEdgeReason(edge: JobEdge, { places = [], otherWriter }: EdgeSurroundings = {}): string {
  if (edge.kind === 'static') return toStaticReason(edge);
  const [place] = places;
  const where = place ? ` at ${place.asset}:${place.line}:${place.column}` : '';
  return `reads ${edge.urn}${where}${otherWriter ? toOtherProducer(otherWriter) : toProducer(edge)}`;
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

function toOtherProducer(writer: OtherWriter): string {
  if (writer.kind === 'job') return `, which a job of the server "${writer.job.server}" writes`;
  if (writer.kind === 'nobody') return ', which no deployed job writes, neither here nor at another server';
  return `, which no deployed job here writes, and perhaps one of another server: ${writer.reason}`;
}

function toProducer({ urn, isResolved, written }: JobEdge): string {
  if (isResolved) return written === undefined ? '' : `, of which it writes ${written}`;
  return isWildcard(urn)
    ? ', of which no other deployed job writes a table'
    : ', which no deployed job writes';
}
