import {
  checkJobs,
  type DeployDeps,
  getNamespace,
  inferJobWarnings,
  type JobSpec,
  type JobWarning,
  OptimusError,
  type RefusedJob,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import { fromJobSpecification } from '../mapping/job-spec-from-message.ts';

/** Specifications from the wire: those that can be read, and why the others cannot. */
export interface ReadSpecifications {
  readonly specs: readonly JobSpec[];
  readonly refused: readonly RefusedJob[];
}

/** Reads each specification by itself: one that is wrong does not hide the others' problems. */
export function readSpecifications(messages: readonly core.JobSpecification[]): ReadSpecifications {
  const specs: JobSpec[] = [];
  const refused: RefusedJob[] = [];
  for (const message of messages) {
    try {
      specs.push(fromJobSpecification(message));
    } catch (thrown) {
      if (!(thrown instanceof OptimusError)) throw thrown;
      const path = thrown.code === 'NAME_INVALID' ? 'name' : 'spec';
      const hint = thrown.hint === undefined ? '' : `; ${thrown.hint}`;
      refused.push({ name: message.name, problems: [{ path, message: `${thrown.message}${hint}` }] });
    }
  }
  return { specs, refused };
}

/** What the author of jobs of a namespace should know, be they good. @throws OptimusError `NAMESPACE_NOT_FOUND`, `PROJECT_NOT_FOUND` */
export async function listWarnings(
  deps: DeployDeps,
  address: { readonly project: string; readonly namespace: string },
  messages: readonly core.JobSpecification[],
): Promise<readonly JobWarning[]> {
  const namespace = await getNamespace(deps, address.project, address.namespace);
  return inferJobWarnings(deps, namespace, readSpecifications(messages).specs);
}

/** Everything wrong with the jobs of a namespace, without storing anything. @throws OptimusError `NAMESPACE_NOT_FOUND`, `PROJECT_NOT_FOUND` */
export async function checkSpecifications(
  deps: DeployDeps,
  address: { readonly project: string; readonly namespace: string },
  messages: readonly core.JobSpecification[],
): Promise<readonly RefusedJob[]> {
  const namespace = await getNamespace(deps, address.project, address.namespace);
  const digests = await deps.jobs.listDigests(namespace.project);
  const { specs, refused } = readSpecifications(messages);
  return [...refused, ...(await checkJobs(deps, specs, { namespace, digests }))];
}

/** One line a problem, each beginning with the field's path as in `job.yaml`. */
export function toProblemLines({ name, problems }: RefusedJob): string {
  return problems.map(({ path, message }) => `${name}: ${path} ${message}`).join('\n');
}
