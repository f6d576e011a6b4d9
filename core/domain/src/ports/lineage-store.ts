import type { JobKey } from '../job/job.ts';
import type { ColumnLineage, KnownColumns } from '../lineage/column-lineage.ts';

/** A version whose lineage is to be computed, taken for a while. */
export interface ClaimedVersion {
  readonly versionId: string;
  /** Grows with each reason to compute it anew: what is recorded under an older one leaves it waiting. */
  readonly mark: string;
}

/** Who takes versions, how many, for how long. */
export interface LineageClaim {
  /** One that claims again takes what it holds already. */
  readonly holder: string;
  readonly limit: number;
  readonly leaseMs: number;
}

/** The lineage of a version. */
export interface RecordedLineage {
  readonly version: ClaimedVersion;
  /** SHA-256 (hex) of what it was computed from. */
  readonly inputHash: string;
  readonly lineage: ColumnLineage;
}

/** The lineage of one version as it is stored. */
export interface VersionLineage {
  /** What the deployed version writes. */
  readonly destination: string | undefined;
  readonly versionNumber: number;
  /** Undefined until it has been computed. */
  readonly lineage: ColumnLineage | undefined;
  readonly computedAt: Date | undefined;
  /** Whether it is to be computed, for the first time or anew. */
  readonly isPending: boolean;
}

/** The lineage of a deployed job, with what it writes. */
export interface JobLineage extends JobKey {
  readonly destination: string | undefined;
  readonly lineage: ColumnLineage | undefined;
}

/** Column lineage by version of jobs, each stored once for all versions that it was computed from the same things for. */
export interface LineageStore {
  /** Takes versions that wait: deployed ones first, upstreams before those that read what they write. */
  claim(request: LineageClaim): Promise<readonly ClaimedVersion[]>;
  /** When the next claim of another holder runs out, in ms from now; undefined when nothing waits. */
  findNextClaimMs(holder: string): Promise<number | undefined>;
  /** What was computed from the same things before, for any job. */
  findByInput(inputHash: string): Promise<ColumnLineage | undefined>;
  /** The columns of resources that deployed jobs are known to write whole. */
  findColumns(urns: readonly string[]): Promise<readonly KnownColumns[]>;
  /**
   * Stores it, in one transaction with its consequence: when the columns of what the job writes are others than before, jobs that wait
   * for it are to be computed anew. Announces `lineage_changed` when there are any.
   */
  record(recorded: RecordedLineage): Promise<void>;
  /** Of the deployed version, or of the one with the number, deployed or not; undefined when there is no such version. */
  find(key: JobKey, versionNumber?: number): Promise<VersionLineage | undefined>;
  /** Of deployed jobs, in no order. */
  list(keys: readonly JobKey[]): Promise<readonly JobLineage[]>;
}
