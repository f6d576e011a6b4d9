import type { JobSpec, WindowPreset } from '../job/job-spec.ts';

/** The address of a job of another server; names there need not be such as here. */
export interface OtherJobKey {
  readonly project: string;
  readonly job: string;
}

/** A job of another Optimus server, as far as it takes to know which of its runs cover a window. */
export interface OtherJob extends OtherJobKey {
  /** The name of the server in the configuration. */
  readonly server: string;
  readonly spec: Pick<JobSpec, 'version' | 'schedule' | 'task'>;
  /** The preset that its window names, as its project has it. */
  readonly presets?: Readonly<Record<string, WindowPreset>>;
}

/** A tick of a job of another server and the state of its run; `pending`: it has none. */
export interface OtherRun {
  readonly scheduledAt: Date;
  readonly state: string;
}

/** Other Optimus servers, those of the configuration's `resource_managers`. @throws OptimusError `SERVER_UNREACHABLE` */
export interface OtherServers {
  /** The names of those that are asked; empty: none is configured. */
  readonly names: readonly string[];
  /** The job at the first server that has it, in the order of the configuration. */
  findJob(key: OtherJobKey, signal: AbortSignal): Promise<OtherJob | undefined>;
  /** The job that writes the resource, at the first server that has one. */
  findWriter(urn: string, signal: AbortSignal): Promise<OtherJob | undefined>;
  /** Ticks from the first to the last, both included. */
  listRuns(
    job: OtherJob,
    range: { readonly first: Date; readonly last: Date },
    signal: AbortSignal,
  ): Promise<readonly OtherRun[]>;
}
