import { OVERLAP_POLICIES } from '@optimus/domain';
import { z } from 'zod';
import {
  count,
  flag,
  listOf,
  oneOf,
  optionalText,
  section,
  text,
  textMap,
  wholeNumber,
} from '../yaml/scalar-text.ts';
import { parseDurationMs } from './duration.ts';
import {
  date,
  dateOrNone,
  duration,
  hookUrl,
  interval,
  jobName,
  quantity,
  threshold,
  webUrl,
} from './job-rules.ts';

const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'];

/** The events that somebody can be told about; the empty one means any. */
const EVENTS = ['sla_miss', 'failure', 'success', 'job_success', 'replay_lifecycle', ''];

const severity = oneOf(SEVERITIES).nullish().describe('How bad it is (default: WARNING).');
const team = optionalText.describe('The team that is told.');

const schedule = section({
  start_date: date
    .nullish()
    .describe(
      'First day, YYYY-MM-DD, from midnight by the clock of the schedule on. Required, here or inherited.',
    ),
  end_date: dateOrNone.nullish().describe('Bounds the start of the last interval, YYYY-MM-DD.'),
  interval: interval
    .nullish()
    .describe(
      'Cron expression of five fields, @hourly, @daily …, or @every 1h30m; empty: the job runs by hand only.',
    ),
  timezone: optionalText.describe('IANA name of the zone by whose clock the job runs (default: UTC).'),
});

const retry = section({
  count: count.nullish().describe('Attempts after the first one.'),
  delay: duration.nullish().describe('Pause before the next attempt, such as 5m.'),
  exponential_backoff: flag.nullish().describe('Whether each pause is twice the one before.'),
});

const notify = section({
  on: oneOf(EVENTS).nullish().describe('What is told about.'),
  config: textMap.describe('For sla_miss: duration, after which a run is late.'),
  channels: listOf(text).describe('Whom to tell: slack://#channel, pagerduty://#service, …'),
  severity,
  team,
}).superRefine(({ on, config: { duration: late } }, context) => {
  if (on !== 'sla_miss' || late === undefined || late === '' || parseDurationMs(late) !== undefined) return;
  const message = `is ${JSON.stringify(late)}, must be a duration such as 2h`;
  context.addIssue({ code: 'custom', path: ['config', 'duration'], message });
});

const webhook = section({
  on: oneOf(EVENTS).nullish().describe('What is told about.'),
  endpoints: listOf(section({ url: hookUrl, headers: textMap })).describe('Where it is told.'),
});

const behavior = section({
  depends_on_past: flag.nullish().describe('Whether a run waits until the run before it succeeded.'),
  catch_up: flag.nullish().describe('Whether runs are made for the time before the deployment.'),
  retry: retry.nullish().describe('How failed attempts are tried again.'),
  notify: listOf(notify).describe('Whom to tell about what.'),
  webhook: listOf(webhook).describe('Addresses that are called at events.'),
  max_active_runs: count.nullish().describe('Runs of the job that are under way at once; 0: any number.'),
  overlap: oneOf(['allow', ...OVERLAP_POLICIES])
    .nullish()
    .describe(
      'What a tick does while an earlier run is not over: allow (run beside it), wait, skip (be recorded as skipped) or cancel (end it).',
    ),
  attempt_timeout: duration
    .nullish()
    .describe('How long one attempt may take, such as 1h; 0s: as long as it does.'),
  run_timeout: duration
    .nullish()
    .describe(
      'How long a run may take from its first attempt on, but for its fail hooks; 0s: as long as it does.',
    ),
});

const slaMiss = section({
  duration_threshold: threshold.nullish(),
  auto_threshold: flag.nullish(),
  severity,
  team,
});

const alert = section({
  team,
  sla_miss: listOf(slaMiss).describe('How long it may take before somebody is told.'),
  retry: z.unknown().optional(),
  success: z.unknown().optional(),
  failure: z.unknown().optional(),
  disable_anomaly_detection: flag.nullish(),
});

const window = section({
  size: optionalText.describe('Span of data: 24h, 1M; in version 3 a number and one of h, d, w, M, y.'),
  offset: optionalText.describe('How far the window is moved. Versions 1 and 2.'),
  shift_by: optionalText.describe('How far the window is moved: -1d. Version 3.'),
  truncate_to: optionalText.describe('What its end is cut to: h, d, w, M; in version 3 also y and None.'),
  location: optionalText.describe('IANA name of the zone whose calendar holds (default: UTC). Version 3.'),
  preset: optionalText.describe('A window of the project, which then holds alone. Version 3.'),
});

const task = section({
  name: text.nullish().describe('The plugin that does the work. Required, here or inherited.'),
  version: optionalText.describe('Version of the plugin.'),
  config: textMap.describe('What the plugin is configured with; values may hold templates.'),
  window: window.nullish().describe('The span of data that a run covers.'),
  alert: alert.nullish(),
});

const hook = section({
  name: text.describe('The plugin that runs before or after the task.'),
  when: optionalText.describe(
    'A template; where it renders to false, 0, no or nothing, the run goes on without the hook.',
  ),
  version: optionalText.describe('Version of the plugin.'),
  config: textMap.describe('What the plugin is configured with; values may hold templates.'),
  alert: alert.nullish(),
});

const http = section({ name: text, url: webUrl, params: textMap, headers: textMap });

const dependency = section({
  job: optionalText.describe('A job of this project, or project/job.'),
  type: oneOf(['intra', 'inter', 'http', 'extra', '']).nullish(),
  http: http.nullish().describe('An endpoint that must answer 2xx before a run starts.'),
}).superRefine(({ job = '', type, http: endpoint }, context) => {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
  if (!endpoint && job === '') refuse('names neither a job nor an http endpoint');
  else if (!endpoint && type === 'http') refuse('is of type http and names no http endpoint');
  else if (endpoint && job !== '') refuse('names a job and an http endpoint, make two dependencies of them');
});

const quantities = section({ cpu: quantity.nullish(), memory: quantity.nullish() });

const metadata = section({
  resource: section({ request: quantities.nullish(), limit: quantities.nullish() }).nullish(),
  airflow: section({ pool: optionalText, queue: optionalText }).nullish(),
  kubernetes: section({ service_account: optionalText }).nullish(),
});

const inheritable = {
  version: wholeNumber(1, 3)
    .nullish()
    .describe('Version of the specification language: 1, 2 or 3. Required, here or inherited.'),
  owner: text.nullish().describe('E-mail or user name, 3 to 1024 characters. Required, here or inherited.'),
  description: optionalText,
  labels: textMap.describe('Names and values by which jobs are found.'),
  schedule: schedule.nullish().describe('When the job runs.'),
  behavior: behavior.nullish().describe('How runs behave towards time, failure and each other.'),
  task: task.nullish().describe('The one transformation of the job.'),
  hooks: listOf(hook).describe('Operations before and after the task.'),
  dependencies: listOf(dependency).describe('What a run waits for, besides what its assets read.'),
  metadata: metadata.nullish().describe('Hints to executors and schedulers.'),
};

/** The form of `this.yaml`: what the jobs in the folders below inherit. */
export const inheritedSchema = section(inheritable).describe(
  'Values that the jobs in the folders below inherit.',
);

/** The form of `job.yaml`. What may be inherited may be absent here; what values mean together is checked after inheriting. */
export const jobSchema = section({
  ...inheritable,
  name: jobName.nullish().describe('Unique in the project: 3 to 220 letters, digits, "_", "-" and ".".'),
}).describe('A job: what runs, when, and on which span of data.');

/** A `job.yaml` as it stands, its values parsed. A `this.yaml` is one without a name. */
export type JobFragment = z.output<typeof jobSchema>;
