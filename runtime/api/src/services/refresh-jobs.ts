import type { MessageInitShape } from '@bufbuild/protobuf';
import { type JobEdge, OptimusError, refreshJobs } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';

type Response = MessageInitShape<typeof core.RefreshJobsResponseSchema>;

/** Resolves dependencies anew, and answers for each job what that changed. @throws OptimusError `SPEC_INVALID` at the end, when a plugin could not tell */
export async function* refreshAll(
  deps: ApiDeps,
  { projectName, namespaceNames, jobNames }: core.RefreshJobsRequest,
  { author }: { readonly author: string },
): AsyncGenerator<Response> {
  const request = { project: projectName, namespaces: namespaceNames, jobs: jobNames, author };
  const { jobs, refused, gained, lost } = await refreshJobs(deps, request);
  const problems = new Map(refused.map((job) => [job.name, job.problems]));
  for (const { spec } of jobs) {
    const found = problems.get(spec.name);
    const message = found
      ? found.map((problem) => problem.message).join('; ')
      : describe(
          gained.filter((edge) => edge.job === spec.name),
          lost.filter((edge) => edge.job === spec.name),
        );
    yield { success: found === undefined, type: 'dependency resolution', message, jobName: spec.name };
  }
  if (refused.length === 0) return;
  throw new OptimusError('SPEC_INVALID', {
    message: `${refused.length} of ${jobs.length} jobs cannot be resolved anew`,
    hint: 'the answers before say what is wrong with which job',
  });
}

function describe(gained: readonly JobEdge[], lost: readonly JobEdge[]): string {
  if (gained.length + lost.length === 0) return 'nothing changed';
  const lines = [...lost.map((edge) => `no more ${toText(edge)}`), ...gained.map(toText)];
  return lines.join(', ');
}

function toText({ kind, urn, upstream }: JobEdge): string {
  const name = upstream ? `${upstream.project}/${upstream.job}` : 'nobody known';
  return kind === 'static' ? `waits for ${name}` : `reads ${urn} of ${name}`;
}
