import { type JobName, parseJobName, RUN_STATES } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { SelectableJob } from '@optimus/resolver';
import type { ProjectSession } from '../session/server-session.ts';

/** That one job waits for another of its project. */
export interface JobPair {
  readonly job: JobName;
  readonly upstream: JobName;
}

/** The jobs of a project as the server knows them to hang together. */
export interface DeployedGraph {
  readonly jobs: readonly SelectableJob[];
  readonly pairs: readonly JobPair[];
  /** The jobs whose last run is in a state, for every state. */
  readonly states: ReadonlyMap<string, ReadonlySet<JobName>>;
}

/** Asks the server how the jobs of the session's project hang together. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function readGraph({ client, project }: ProjectSession): Promise<DeployedGraph> {
  const { jobs, edges } = await client.read(core.JobSpecificationService.method.getJobGraph, {
    projectName: project,
  });
  const byState = Map.groupBy(jobs, ({ lastRunState }) => lastRunState);
  const namesIn = (state: string) =>
    new Set((byState.get(state) ?? []).map(({ jobName }) => parseJobName(jobName)));
  return {
    jobs: jobs.map(({ jobName, namespaceName, labels }) => ({
      name: parseJobName(jobName),
      namespace: namespaceName,
      labels,
    })),
    pairs: edges.map(({ jobName, upstreamJobName }) => ({
      job: parseJobName(jobName),
      upstream: parseJobName(upstreamJobName),
    })),
    states: new Map(RUN_STATES.map((state) => [state, namesIn(state)])),
  };
}

/** Which job waits for which, by both ends. */
export function connectPairs(pairs: readonly JobPair[]) {
  const upstreams = Map.groupBy(pairs, ({ job }) => job);
  const downstreams = Map.groupBy(pairs, ({ upstream }) => upstream);
  return {
    upstreamsOf: (name: JobName) => (upstreams.get(name) ?? []).map(({ upstream }) => upstream),
    downstreamsOf: (name: JobName) => (downstreams.get(name) ?? []).map(({ job }) => job),
  };
}
