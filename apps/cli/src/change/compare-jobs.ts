import { create } from '@bufbuild/protobuf';
import { type JobSpec, toJobContentHash } from '@optimus/domain';
import { core } from '@optimus/proto';
import { fromSpecMessage, toSpecMessage } from '../spec/job-spec-message.ts';
import type { LocatedJob, NamespaceJobs } from '../spec/read-jobs.ts';

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
  readonly unchanged: readonly LocatedJob[];
}

/** The jobs of a folder. */
export interface FolderJobs {
  readonly namespaces: readonly NamespaceJobs[];
  /** The names of all jobs that have a file, those whose files are wrong too. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Compares a folder with the server, by content. Only the folder's namespaces are looked at: a job of one of them that has no file
 * here is to be deleted, one that has its file in another of them moves. A job with a wrong file is neither changed nor deleted. Pure.
 */
export function compareJobs({ namespaces, names }: FolderJobs, stored: readonly StoredJob[]): Comparison {
  const own = new Set(namespaces.map(({ namespace }) => namespace.name));
  const byName = new Map(stored.map((job) => [job.name, job]));
  const upserts: Upsert[] = [];
  const unchanged: LocatedJob[] = [];
  for (const { namespace, jobs } of namespaces) {
    for (const job of jobs) {
      const before = byName.get(job.spec.name);
      const contentHash = toSentHash(job.spec);
      if (before?.contentHash === contentHash && before.namespace === namespace.name) unchanged.push(job);
      else
        upserts.push({
          namespace: namespace.name,
          ...job,
          contentHash,
          ...toBasis(before, namespace.name, own),
        });
    }
  }
  const deletions = stored
    .filter(({ namespace, name }) => own.has(namespace) && !names.has(name))
    .map(({ namespace, name, contentHash }) => ({ namespace, name, basis: contentHash }));
  return { upserts, deletions, unchanged };
}

function toBasis(before: StoredJob | undefined, namespace: string, own: ReadonlySet<string>) {
  const isMoved = before !== undefined && before.namespace !== namespace && own.has(before.namespace);
  return { movedFrom: isMoved ? before.namespace : undefined, basis: before?.contentHash };
}

/** The hash that the server computes: of what arrives there, in which what is empty and what is absent are one. */
function toSentHash(spec: JobSpec): string {
  return toJobContentHash(fromSpecMessage(create(core.JobSpecificationSchema, toSpecMessage(spec))));
}
