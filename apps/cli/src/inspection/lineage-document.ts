import type { core } from '@optimus/proto';
import { toText } from './inspection-document.ts';

/** Column lineage as plain data. */
export function toLineageDocument(answer: core.GetJobLineageResponse): Readonly<Record<string, unknown>> {
  return {
    job: answer.jobName,
    project: answer.projectName,
    version: answer.versionNumber,
    destination: answer.destination,
    isPending: answer.isPending,
    computedAt: toText(answer.computedAt),
    isComplete: answer.isComplete,
    columns: answer.columns.map(({ name, sources }) => ({
      name,
      sources: sources.map(({ urn, column, transform }) => ({ urn, column, transform })),
    })),
    influences: answer.influences.map(({ urn, column, how }) => ({ urn, column, how })),
    problems: answer.problems,
    steps: answer.steps.map(({ level, source, target, how }) => ({
      level,
      source: toColumn(source),
      target: toColumn(target),
      how,
    })),
    isCut: answer.isCut,
  };
}

function toColumn(column: core.GetJobLineageResponse_TracedColumn | undefined) {
  const { urn = '', column: name = '', projectName = '', jobName = '' } = column ?? {};
  return { urn, column: name, project: projectName, job: jobName };
}
