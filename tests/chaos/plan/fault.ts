import type { CommitPoint } from '../proxy/commit-trap.ts';

/** A process that watches over a task, this and the task, or the one that starts them for a server. */
export type KilledProcess = 'supervisor' | 'group' | 'launcher';

/** What happens to a server that comes to a commit point. */
export type PointAction = 'kill' | 'cut' | 'freeze';

/** Something that goes wrong. `server` is an index; `ms` is how long it lasts. */
export type Fault =
  | {
      readonly kind: 'commit_point';
      readonly server: number;
      readonly action: PointAction;
      readonly point: CommitPoint;
      readonly ms: number;
    }
  | { readonly kind: 'kill_server'; readonly server: number; readonly ms: number }
  | { readonly kind: 'kill_leader'; readonly ms: number }
  | { readonly kind: 'stop_server'; readonly server: number; readonly ms: number }
  | { readonly kind: 'freeze_server'; readonly server: number; readonly ms: number }
  | { readonly kind: 'freeze_leader'; readonly ms: number }
  | { readonly kind: 'partition'; readonly server: number; readonly ms: number }
  | { readonly kind: 'stalled_database'; readonly ms: number }
  | { readonly kind: 'slow_database'; readonly delayMs: number; readonly ms: number }
  | { readonly kind: 'cut_connections' }
  | { readonly kind: 'terminate_backends' }
  | { readonly kind: 'too_many_connections'; readonly ms: number }
  | { readonly kind: 'restart_database'; readonly ms: number }
  | { readonly kind: 'kill_database'; readonly ms: number }
  | { readonly kind: 'server_clock'; readonly server: number; readonly shiftMs: number; readonly ms: number }
  | { readonly kind: 'full_disk'; readonly server: number; readonly ms: number }
  | { readonly kind: 'kill_tasks'; readonly what: KilledProcess }
  | { readonly kind: 'deploy'; readonly ms: number }
  | { readonly kind: 'run_twice'; readonly job: string }
  | { readonly kind: 'poison'; readonly job: string }
  | { readonly kind: 'hands'; readonly steps: readonly HandStep[] };

/** What somebody does by hand. */
export interface HandStep {
  readonly verb: 'pause' | 'cancel' | 'rerun';
  readonly job: string;
}

/** The name of a fault in the table: commit points are told apart by what happens there. */
export function toFaultName(fault: Fault): string {
  switch (fault.kind) {
    case 'commit_point':
      return `${fault.action} at ${fault.point.statement}, ${fault.point.moment}`;
    case 'server_clock':
      return `server_clock ${fault.shiftMs > 0 ? '+' : '-'}1h`;
    case 'kill_tasks':
      return `kill_tasks ${fault.what}`;
    case 'poison':
      return `poison ${fault.job}`;
    default:
      return fault.kind;
  }
}
