import { type ChangeJobsRequest, OptimusError, type RefusedJob, type WantedJob } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { fromPresets } from '../mapping/window-mapping.ts';
import { readSpecifications } from './check-specifications.ts';

/** A change as it came over the wire. */
export interface ReadChange {
  readonly request: Omit<ChangeJobsRequest, 'author'> & {
    readonly isPartial: boolean;
    readonly isDryRun: boolean;
  };
  /** Jobs whose specifications cannot be read. */
  readonly unreadable: readonly RefusedJob[];
}

/**
 * Takes a whole stream in: nothing is done before its end, so that one that breaks does nothing.
 * @throws OptimusError `REQUEST_INVALID` when the header is not the first message, or a job is there twice
 */
export async function readChange(requests: AsyncIterable<core.ChangeJobsRequest>): Promise<ReadChange> {
  let header: core.ChangeHeader | undefined;
  const upserts: ReadUpsert[] = [];
  const deletions: core.JobDeletion[] = [];
  for await (const { part } of requests) {
    if (part.case === 'header' && !header) header = part.value;
    else if (part.case === 'batch' && header) {
      upserts.push(...part.value.upserts.map(readUpsert));
      deletions.push(...part.value.deletions);
    } else throw orderError(part.case);
  }
  if (!header) throw orderError(undefined);
  const wanted = upserts.flatMap(({ job }) => job ?? []);
  return {
    request: {
      project: header.projectName,
      ...(header.registration && { registration: readRegistration(header.registration) }),
      upserts: wanted,
      deletes: deletions.map(({ namespaceName, jobName }) => ({ namespace: namespaceName, name: jobName })),
      basis: toBasis(upserts, deletions),
      isPartial: header.isPartial,
      isForced: header.isForced,
      isDryRun: header.isDryRun,
    },
    unreadable: upserts.flatMap(({ refused }) => refused),
  };
}

function readRegistration({ project, namespaces }: core.ChangeHeader_Registration) {
  if (!project)
    throw new OptimusError('REQUEST_INVALID', { message: 'header.registration.project is missing' });
  return { config: project.config, presets: fromPresets(project.presets), namespaces };
}

interface ReadUpsert {
  /** Undefined: its specification cannot be read. */
  readonly job: WantedJob | undefined;
  readonly refused: readonly RefusedJob[];
  readonly basis: string | undefined;
}

/** Reads a job as it arrives: of ten thousand, only the specifications are held until the end, and not their messages. */
function readUpsert({ namespaceName, spec, movedFrom, basis }: core.JobUpsert): ReadUpsert {
  if (!spec) throw new OptimusError('REQUEST_INVALID', { message: 'batch.upserts.spec is missing' });
  const { specs, refused } = readSpecifications([spec]);
  const [read] = specs;
  const job = read && { namespace: namespaceName, spec: read, ...(movedFrom !== '' && { movedFrom }) };
  return { job, refused, basis };
}

/** The jobs whose stored content the client names: an empty hash says that the job was not there. */
function toBasis(upserts: readonly ReadUpsert[], deletions: readonly core.JobDeletion[]) {
  const named = [
    ...upserts.flatMap(({ job, basis }) => (job ? [{ name: job.spec.name, basis }] : [])),
    ...deletions.map(({ jobName, basis }) => ({ name: jobName, basis })),
  ];
  return new Map(
    named.flatMap(({ name, basis }): [string, string | undefined][] =>
      basis === undefined ? [] : [[name, basis === '' ? undefined : basis]],
    ),
  );
}

function orderError(found: string | undefined): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `ChangeJobs begins with one header and goes on with batches, found ${found ?? 'nothing'}`,
  });
}
