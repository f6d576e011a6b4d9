import type { InstanceType, Job } from '@optimus/domain';
import { compareStrings } from '../template/template-value.ts';
import { toRfc3339 } from './to-rfc3339.ts';

/** The instance whose program is about to start. */
export interface ExecutorEnvironmentInput {
  readonly job: Job;
  readonly instance: { readonly type: InstanceType; readonly name: string };
  readonly scheduledAt: Date;
  /** `host:port` at which the program reaches the server over REST and gRPC, with user-info when it needs a credential. */
  readonly host: string;
}

/** The variables of the executor contract but `JOB_DIR`, which the executor knows alone. */
export function toExecutorEnvironment(input: ExecutorEnvironmentInput): Readonly<Record<string, string>> {
  const { job, instance, scheduledAt, host } = input;
  return Object.freeze({
    INSTANCE_NAME: instance.name,
    INSTANCE_TYPE: instance.type,
    JOB_LABELS: toJobLabels(job),
    JOB_NAME: job.spec.name,
    NAMESPACE: job.namespace,
    // Programs of different ages of the contract read one or the other name.
    OPTIMUS_HOST: host,
    OPTIMUS_HOSTNAME: host,
    PROJECT: job.project,
    SCHEDULED_AT: toRfc3339(scheduledAt),
    TASK_NAME: instance.name,
    TASK_TYPE: instance.type,
  });
}

const LONGEST_LABEL = 63;

/** `key=value,…` of the job's labels and its address, each fit for a label of Kubernetes or BigQuery, sorted by key. */
export function toJobLabels({ id, project, namespace, spec }: Job): string {
  const labels = new Map(Object.entries(spec.labels).map(([key, value]) => [toLabel(key), toLabel(value)]));
  for (const [key, value] of Object.entries({ project, namespace, job_name: spec.name, job_id: id })) {
    labels.set(key, toLabel(value));
  }
  const sorted = [...labels].sort(([a], [b]) => compareStrings(a, b));
  return sorted.map(([key, value]) => `${key}=${value}`).join(',');
}

// The end of a long name tells more than its beginning.
function toLabel(text: string): string {
  const characters = Array.from(text);
  const short =
    characters.length > LONGEST_LABEL ? `__${characters.slice(2 - LONGEST_LABEL).join('')}` : text;
  return short.toLowerCase().replace(/[^\w-]/gu, '-');
}
