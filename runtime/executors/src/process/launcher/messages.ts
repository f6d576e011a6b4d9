import type { TaskLimits } from '../cgroup/task-limits.ts';
import type { SupervisorOptions } from '../supervisor.ts';
import type { TaskOutputOptions } from '../task-output.ts';
import type { LaidDown } from './lay-down.ts';

/** What a server asks of its launcher. */
export interface LaunchRequest
  extends LaidDown,
    Pick<SupervisorOptions, 'command' | 'env'>,
    Omit<TaskOutputOptions, 'folder'> {
  readonly attemptId: string;
  /** Absent: nothing binds it, and no cgroup is made. */
  readonly limits?: TaskLimits;
  /** Folder of version 2 below which cgroups are made; absent: the cgroups of the launcher. */
  readonly cgroup?: string;
}

/** A request, and the number that everything is told under that concerns it. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: LaunchRequest;
}

/** What became of it. An attempt that has begun ends; of the others nothing more is told. */
export type LaunchMessage =
  | {
      readonly kind: 'begun';
      readonly id: number;
      /** What the file `supervisor` says. */
      readonly supervisor: string;
      /** Why limits do not bind, or not all; empty when they do. */
      readonly unlimited: string;
    }
  /** `existed`: the attempt has a folder, or had one. */
  | { readonly kind: 'existed' | 'ended'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };
