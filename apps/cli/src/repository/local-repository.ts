import path from 'node:path';
import { type ComputeWindow, type JobSpec, OptimusError, type Presets, toSuggestion } from '@optimus/domain';
import { createFilesError } from '@optimus/spec';
import type { Invocation } from '../command-line/command-spec.ts';
import type { ClientConfig, NamespaceConfig } from '../config/client-config.ts';
import { getClientConfig } from '../config/read-client-config.ts';
import { readPresets } from '../presets/read-presets.ts';
import { toComputeWindow } from '../presets/to-compute-window.ts';
import { type NamespaceJobs, type ReadJobs, readJobs } from '../spec/read-jobs.ts';

/** The jobs of this folder. */
export interface LocalRepository extends ReadJobs {
  readonly config: ClientConfig;
  readonly presets: Presets;
  readonly computeWindow: ComputeWindow;
}

/** A good job of this folder. */
export interface LocalJob {
  readonly repository: LocalRepository;
  readonly namespace: NamespaceConfig;
  readonly spec: JobSpec;
}

/** By command line: what acts on many jobs reads their folder once. */
const kept = new WeakMap<Invocation['flags'], Promise<LocalRepository>>();

/** The folder's configuration, presets and jobs, read when a command asks first. @throws OptimusError `CONFIG_INVALID` */
export function readRepository(invocation: Invocation): Promise<LocalRepository> {
  const repository = kept.get(invocation.flags) ?? read(invocation);
  kept.set(invocation.flags, repository);
  return repository;
}

async function read(invocation: Invocation): Promise<LocalRepository> {
  const { cwd } = invocation.terminal;
  const config = await getClientConfig(invocation);
  const presets = await readPresets(config, cwd);
  const computeWindow = toComputeWindow(config, presets);
  return { config, presets, computeWindow, ...readJobs(config.namespaces, { cwd, computeWindow }) };
}

/**
 * A job of this folder by its name. What is wrong with other jobs does not matter, unless the job is not there.
 * @throws OptimusError `JOB_NOT_FOUND` with the nearest name, `SPEC_INVALID`, `CONFIG_INVALID`
 */
export function findLocalJob(repository: LocalRepository, jobName: string): LocalJob {
  const { namespaces, problems } = repository;
  const found = listJobs(namespaces).find(({ job }) => job.spec.name === jobName);
  const jobFile = repository.names.get(jobName);
  const own = jobFile === undefined ? problems : problems.filter(({ file }) => isWithin(file, jobFile));
  // A job that is not there for no fault of its own inherits one.
  const reasons = found ? own : [own, problems].find(({ length }) => length > 0);
  if (reasons && reasons.length > 0) throw createFilesError('SPEC_INVALID', reasons);
  if (found) return { repository, namespace: found.namespace, spec: found.job.spec };
  const names = listJobs(namespaces).map(({ job }): string => job.spec.name);
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `there is no job "${jobName}" in this folder${toSuggestion(jobName, names)}`,
    fields: { job: jobName },
  });
}

function listJobs(namespaces: readonly NamespaceJobs[]) {
  return namespaces.flatMap(({ namespace, jobs }) => jobs.map((job) => ({ namespace, job })));
}

function isWithin(file: string, jobFile: string): boolean {
  return file === jobFile || file.startsWith(path.dirname(jobFile) + path.sep);
}
