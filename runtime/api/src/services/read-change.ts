import { type ChangeJobsRequest, OptimusError, type RefusedJob } from '@optimus/domain';
import type { core } from '@optimus/proto';
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
  const upserts: core.JobUpsert[] = [];
  const deletions: core.JobDeletion[] = [];
  for await (const { part } of requests) {
    if (part.case === 'header' && !header) header = part.value;
    else if (part.case === 'batch' && header) {
      upserts.push(...part.value.upserts);
      deletions.push(...part.value.deletions);
    } else throw orderError(part.case);
  }
  if (!header) throw orderError(undefined);
  const { wanted, unreadable } = readUpserts(upserts);
  return {
    request: {
      project: header.projectName,
      upserts: wanted,
      deletes: deletions.map(({ namespaceName, jobName }) => ({ namespace: namespaceName, name: jobName })),
      basis: toBasis(new Set(wanted.map(({ spec }) => spec.name)), upserts, deletions),
      isPartial: header.isPartial,
      isForced: header.isForced,
      isDryRun: header.isDryRun,
    },
    unreadable,
  };
}

function readUpserts(upserts: readonly core.JobUpsert[]) {
  const unreadable: RefusedJob[] = [];
  const wanted = upserts.flatMap(({ namespaceName, spec, movedFrom }) => {
    if (!spec) throw new OptimusError('REQUEST_INVALID', { message: 'batch.upserts.spec is missing' });
    const { specs, refused } = readSpecifications([spec]);
    unreadable.push(...refused);
    return specs.map((read) => ({
      namespace: namespaceName,
      spec: read,
      ...(movedFrom !== '' && { movedFrom }),
    }));
  });
  return { wanted, unreadable };
}

/** The jobs whose stored content the client names: an empty hash says that the job was not there. */
function toBasis(
  readable: ReadonlySet<string>,
  upserts: readonly core.JobUpsert[],
  deletions: readonly core.JobDeletion[],
) {
  const named = [
    ...upserts
      .map(({ spec, basis }) => ({ name: spec?.name ?? '', basis }))
      .filter(({ name }) => readable.has(name)),
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
