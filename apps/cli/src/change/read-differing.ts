import { createFilesError } from '@optimus/spec';
import type { KnownJob, LocatedJob, ReadJobs } from '../spec/read-jobs.ts';
import type { StoredJob } from './compare-jobs.ts';

/** A folder in which the known jobs that the server does not have as they are were read too. @throws OptimusError `SPEC_INVALID` when one is not good any more */
export function readDiffering(folder: ReadJobs, stored: readonly StoredJob[]): ReadJobs {
  const byName = new Map(stored.map((job) => [job.name, job]));
  const namespaces = folder.namespaces.map(({ namespace, jobs, known }) => {
    const isSame = ({ name, contentHash }: KnownJob) => {
      const job = byName.get(name);
      return job?.contentHash === contentHash && job.namespace === namespace.name;
    };
    const { same = [], other = [] } = Object.groupBy(known, (job) => (isSame(job) ? 'same' : 'other'));
    return { namespace, known: same, jobs: [...jobs, ...other.map(readKnown)] };
  });
  return { ...folder, namespaces };
}

function readKnown(known: KnownJob): LocatedJob {
  const { file, spec, problems } = known.read();
  if (!spec || problems.length > 0) throw createFilesError('SPEC_INVALID', problems);
  return { file, spec };
}
