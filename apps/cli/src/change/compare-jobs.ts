import { invariant, type JobSpec } from '@optimus/domain';
import type { NamespaceJobs } from '../spec/read-jobs.ts';
import { toSentHash } from '../spec/sent-hash.ts';

/** A job that the server has. */
export interface StoredJob {
  readonly namespace: string;
  readonly name: string;
  readonly contentHash: string;
}

/** A job to store, and what is stored in its place. */
export interface Upsert {
  readonly namespace: string;
  readonly spec: JobSpec;
  /** Relative to the working folder; empty when it comes from no file. */
  readonly file: string;
  readonly contentHash: string;
  /** The namespace that it leaves. */
  readonly movedFrom: string | undefined;
  /** Undefined: the server has no job of that name. */
  readonly basis: string | undefined;
}

/** A stored job whose file is gone. */
export interface Deletion {
  readonly namespace: string;
  readonly name: string;
  readonly basis: string;
}

/** What has to change so that the server has what the folder has. */
export interface Comparison {
  readonly upserts: readonly Upsert[];
  readonly deletions: readonly Deletion[];
  readonly unchanged: readonly UnchangedJob[];
}

/** A job of which the server has what the folder has. */
export interface UnchangedJob {
  readonly namespace: string;
  readonly name: string;
}

/** The jobs of a folder. */
export interface FolderJobs {
  readonly namespaces: readonly NamespaceJobs[];
  /** The names of all jobs that have a file, those whose files are wrong too. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether some file does not tell the name of its job. */
  readonly isNameMissing: boolean;
}

/**
 * Compares a folder with the server, by content. Only the folder's namespaces are looked at: a job of one of them that has no file
 * here is to be deleted, one that has its file in another of them moves. A job with a wrong file is neither changed nor deleted; while the
 * name of one cannot be read, nothing is deleted: it might be the job of that file. Pure.
 * Known jobs are those that the server has: {@link readDiffering} comes first.
 */
export function compareJobs(
  { namespaces, names, isNameMissing }: FolderJobs,
  stored: readonly StoredJob[],
): Comparison {
  const own = new Set(namespaces.map(({ namespace }) => namespace.name));
  const byName = new Map(stored.map((job) => [job.name, job]));
  const upserts: Upsert[] = [];
  const unchanged: UnchangedJob[] = [];
  for (const { namespace, jobs, known } of namespaces) {
    for (const { name, contentHash } of known) {
      invariant(byName.get(name)?.contentHash === contentHash, `the known job ${name} was not read`);
      unchanged.push({ namespace: namespace.name, name });
    }
    for (const job of jobs) {
      const before = byName.get(job.spec.name);
      const { spec, file, contentHash = toSentHash(spec) } = job;
      const place = { namespace: namespace.name, name: spec.name };
      if (before?.contentHash === contentHash && before.namespace === place.namespace) unchanged.push(place);
      else {
        const basis = toBasis(before, place.namespace, own);
        upserts.push({ namespace: place.namespace, spec, file, contentHash, ...basis });
      }
    }
  }
  const deletions = stored
    .filter(({ namespace, name }) => !isNameMissing && own.has(namespace) && !names.has(name))
    .map(({ namespace, name, contentHash }) => ({ namespace, name, basis: contentHash }));
  return { upserts, deletions, unchanged };
}

function toBasis(before: StoredJob | undefined, namespace: string, own: ReadonlySet<string>) {
  const isMoved = before !== undefined && before.namespace !== namespace && own.has(before.namespace);
  return { movedFrom: isMoved ? before.namespace : undefined, basis: before?.contentHash };
}
