import { durationMs } from '@bufbuild/protobuf/wkt';
import { type JobSpec, OVERLAP_POLICIES } from '@optimus/domain';
import { core } from '@optimus/proto';
import { toDurationMessage } from './duration-message.ts';
import { fromAddressee } from './operator-message.ts';

type Behavior = JobSpec['behavior'];

/** The events that somebody can be told about, by their names in `job.yaml`; of one type the first is its name. */
const NOTIFY_EVENTS: Readonly<Record<string, core.JobEvent_Type>> = {
  '': core.JobEvent_Type.UNSPECIFIED,
  sla_miss: core.JobEvent_Type.SLA_MISS,
  failure: core.JobEvent_Type.FAILURE,
  success: core.JobEvent_Type.SUCCESS,
  job_success: core.JobEvent_Type.SUCCESS,
  replay_lifecycle: core.JobEvent_Type.REPLAY_LIFECYCLE,
};

/** The message of a job's behavior, as far as it has a message of its own. */
export function toBehaviorMessage({ retry, notify, webhooks = [], ...limits }: Behavior) {
  const { maxActiveRuns = 0, overlap = '', attemptTimeoutMs, runTimeoutMs } = limits;
  return {
    retry: {
      count: retry.count,
      delay: toDurationMessage(retry.delayMs),
      exponentialBackoff: retry.exponentialBackoff,
    },
    notify: notify.map(({ on, channels, config, ...addressee }) => ({
      on: toEventType(on),
      channels: [...channels],
      config: { ...config },
      ...addressee,
    })),
    webhook: webhooks.map(({ on, endpoints }) => ({
      on: toEventType(on),
      endpoints: endpoints.map(({ url, headers }) => ({ url, headers: { ...headers } })),
    })),
    maxActiveRuns,
    overlap,
    ...(attemptTimeoutMs !== undefined && { attemptTimeout: toDurationMessage(attemptTimeoutMs) }),
    ...(runTimeoutMs !== undefined && { runTimeout: toDurationMessage(runTimeoutMs) }),
  };
}

/** The behavior of a message. */
export function fromBehaviorMessage({ dependsOnPast, catchUp, behavior }: core.JobSpecification): Behavior {
  const { retry, notify = [], webhook = [] } = behavior ?? {};
  return {
    dependsOnPast,
    catchUp,
    retry: {
      count: retry?.count ?? 0,
      delayMs: retry?.delay ? durationMs(retry.delay) : 0,
      exponentialBackoff: retry?.exponentialBackoff ?? false,
    },
    notify: notify.map(({ on, channels, config, severity, team }) => ({
      on: fromEventType(on),
      channels,
      config,
      ...fromAddressee({ severity, team }),
    })),
    ...(webhook.length > 0 && {
      webhooks: webhook.map(({ on, endpoints }) => ({
        on: fromEventType(on),
        endpoints: endpoints.map(({ url, headers }) => ({ url, headers })),
      })),
    }),
    ...fromLimits(behavior),
  };
}

/** What is absent or zero limits nothing. */
function fromLimits(behavior: core.JobSpecification_Behavior | undefined): Partial<Behavior> {
  const { maxActiveRuns = 0, overlap: policy = '', attemptTimeout, runTimeout } = behavior ?? {};
  const attemptTimeoutMs = attemptTimeout ? durationMs(attemptTimeout) : 0;
  const runTimeoutMs = runTimeout ? durationMs(runTimeout) : 0;
  const overlap = OVERLAP_POLICIES.find((known) => known === policy);
  return {
    ...(maxActiveRuns !== 0 && { maxActiveRuns }),
    ...(overlap && { overlap }),
    ...(attemptTimeoutMs !== 0 && { attemptTimeoutMs }),
    ...(runTimeoutMs !== 0 && { runTimeoutMs }),
  };
}

function toEventType(name: string): core.JobEvent_Type {
  return NOTIFY_EVENTS[name] ?? core.JobEvent_Type.UNSPECIFIED;
}

function fromEventType(type: core.JobEvent_Type): string {
  return Object.keys(NOTIFY_EVENTS).find((name) => NOTIFY_EVENTS[name] === type) ?? '';
}
