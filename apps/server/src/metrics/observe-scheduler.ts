import type { Executor, LeaseStore, RunStore, ScheduleAdvance, ScheduleStore } from '@optimus/domain';
import { decorate } from './decorate.ts';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

/** The ports through which a scheduler does all that is measured. */
export interface ObservedPorts {
  readonly schedules: ScheduleStore;
  readonly runs: RunStore;
  readonly leases: LeaseStore;
  readonly executor: Executor;
}

/** The ports, with what passes through them measured: the scheduler and the core know nothing of it. */
export function observeScheduler(ports: ObservedPorts, metrics: SchedulerMetrics): ObservedPorts {
  const claims = new Map<string, number>();
  return {
    schedules: observeSchedules(ports.schedules, metrics),
    leases: observeLeases(ports.leases, metrics),
    runs: observeRuns(ports.runs, metrics, claims),
    executor: observeExecutor(ports.executor, metrics, claims),
  };
}

/** The clock of the database decides what is late; between two answers of it this process counts on. */
function observeSchedules(schedules: ScheduleStore, metrics: SchedulerMetrics): ScheduleStore {
  let aheadMs = 0;
  return decorate(schedules, {
    async listDue(limit) {
      const due = await schedules.listDue(limit);
      aheadMs = due.now.getTime() - Date.now();
      return due;
    },
    async advance(advances) {
      await schedules.advance(advances);
      const now = Date.now() + aheadMs;
      for (const lagMs of advances.flatMap((advance) => toLags(advance, now))) metrics.planned(lagMs);
    },
  });
}

/** What is caught up is late on purpose: of the ticks of one job the last counts, once no other is due. */
function toLags({ runs, to }: ScheduleAdvance, now: number): readonly number[] {
  const last = runs.at(-1);
  if (!last || (to && to.getTime() <= now)) return [];
  return [now - last.scheduledAt.getTime()];
}

function observeLeases(leases: LeaseStore, metrics: SchedulerMetrics): LeaseStore {
  return decorate(leases, {
    async acquire(name, holder, leaseMs) {
      const isHeld = await leases.acquire(name, holder, leaseMs);
      if (name === 'planner') metrics.leads(isHeld);
      return isHeld;
    },
  });
}

function observeRuns(runs: RunStore, metrics: SchedulerMetrics, claims: Map<string, number>): RunStore {
  return decorate(runs, {
    async claim(server, options) {
      const claim = await runs.claim(server, options);
      for (const { attemptId, waitedMs } of claim.attempts) {
        claims.set(attemptId, performance.now());
        metrics.claimed(waitedMs);
      }
      return claim;
    },
    async finish(claim, outcome, next) {
      claims.delete(claim.attemptId);
      const step = await runs.finish(claim, outcome, next);
      metrics.ended(outcome);
      if (step.isEnd) metrics.runEnded(step.state);
      return step;
    },
  });
}

function observeExecutor(
  executor: Executor,
  metrics: SchedulerMetrics,
  claims: Map<string, number>,
): Executor {
  return decorate(executor, {
    async start(request, calledOff) {
      const startedAt = performance.now();
      try {
        const handle = await executor.start(request, calledOff);
        const now = performance.now();
        metrics.executorStarted(now - startedAt);
        metrics.started(now - (claims.get(request.attemptId) ?? startedAt));
        return handle;
      } catch (thrown) {
        if (!calledOff?.aborted) metrics.startFailed();
        throw thrown;
      } finally {
        claims.delete(request.attemptId);
      }
    },
    async attach(claim, handle) {
      const attachment = await executor.attach(claim, handle);
      metrics.recovered(attachment);
      return attachment;
    },
  });
}
