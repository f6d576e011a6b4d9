import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ColumnTrace,
  OptimusError,
  type ReadLineage,
  readJobLineage,
  type TracedColumn,
  type TraceRequest,
  traceColumn,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { toTimestamp } from '../mapping/time-mapping.ts';

type Response = MessageInitShape<typeof core.GetJobLineageResponseSchema>;

const MOST_LEVELS = 100;
const USUAL_LEVELS = 10;

/** Handlers of `JobLineageService`. */
export function createJobLineageHandlers(deps: ApiDeps): ServiceHandlers<typeof core.JobLineageService> {
  return {
    async getJobLineage(request) {
      const { projectName: project, jobName: job, versionNumber, column } = request;
      const read = await readJobLineage(deps, {
        project,
        job,
        ...(versionNumber !== 0 && { versionNumber }),
      });
      if (column === '') return toResponse(read);
      if (versionNumber !== 0)
        throw toInvalid('version_number', 'columns are followed from the deployed version');
      const trace = await traceColumn(deps, {
        project,
        job,
        column,
        direction: toDirection(request.direction),
        levels: toLevels(request.depth),
      });
      return toResponse(read, trace);
    },
  };
}

function toDirection(direction: string): TraceRequest['direction'] {
  if (direction === '' || direction === 'upstream') return 'upstream';
  if (direction === 'downstream') return 'downstream';
  throw toInvalid('direction', `"${direction}" is no direction: upstream or downstream`);
}

function toLevels(depth: number): number {
  if (depth === 0) return USUAL_LEVELS;
  if (depth > 0 && depth <= MOST_LEVELS) return depth;
  throw toInvalid('depth', `depth is ${depth}, must be 1 to ${MOST_LEVELS}`);
}

function toInvalid(field: string, message: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', { message, fields: { field } });
}

function toResponse(read: ReadLineage, trace?: ColumnTrace): Response {
  const { key, versionNumber, destination = '', lineage, computedAt, isPending } = read;
  return {
    projectName: key.project,
    jobName: key.job,
    versionNumber,
    destination,
    isPending,
    ...(computedAt && { computedAt: toTimestamp(computedAt) }),
    columns: (lineage?.columns ?? []).map(({ name, sources }) => ({ name, sources: [...sources] })),
    influences: [...(lineage?.influences ?? [])],
    isComplete: lineage?.isComplete ?? false,
    problems: [...(lineage?.problems ?? [])],
    steps: (trace?.steps ?? []).map(({ level, source, target, how }) => ({
      level,
      source: toTraced(source),
      target: toTraced(target),
      how,
    })),
    isCut: trace?.isCut ?? false,
  };
}

function toTraced({ urn, column, writer }: TracedColumn) {
  return { urn, column, projectName: writer?.project ?? '', jobName: writer?.job ?? '' };
}
