import type { ColumnLineage } from '../lineage/column-lineage.ts';
import type { LineageStore } from '../ports/lineage-store.ts';
import type { InMemoryJobs } from './in-memory-ports.ts';

/** What a test says of a job's columns. */
export interface GivenLineage {
  readonly destination: string;
  readonly lineage: ColumnLineage;
}

/** The lineage that a test gives to deployed jobs, by name; others wait for theirs. Nothing is computed. */
export function createInMemoryLineages(
  jobs: InMemoryJobs,
  given: Readonly<Record<string, GivenLineage>> = {},
): LineageStore {
  return {
    claim: async () => [],
    findNextClaimMs: async () => undefined,
    findByInput: async () => undefined,
    findColumns: async () => [],
    record: async () => {},
    async find(key, versionNumber) {
      const job = await jobs.find(key);
      if (!job || (versionNumber ?? job.versionNumber) !== job.versionNumber) return undefined;
      const { destination, lineage } = given[key.job] ?? {};
      return {
        versionNumber: job.versionNumber,
        destination,
        lineage,
        computedAt: lineage && job.updatedAt,
        isPending: lineage === undefined,
      };
    },
    list: async (keys) =>
      keys.map((key) => ({
        ...key,
        destination: given[key.job]?.destination,
        lineage: given[key.job]?.lineage,
      })),
  };
}
