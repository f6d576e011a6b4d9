import type { Invocation } from '../command-line/command-spec.ts';
import { readRepository } from '../repository/local-repository.ts';
import type { LocatedJob } from '../spec/read-jobs.ts';

/** The good jobs of this folder with their files. @throws OptimusError `CONFIG_INVALID` */
export async function findLocatedJobs(invocation: Invocation): Promise<readonly LocatedJob[]> {
  const { namespaces } = await readRepository(invocation);
  return namespaces.flatMap(({ jobs }) => jobs);
}
