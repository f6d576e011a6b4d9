import type { z } from 'zod';
import { count, flag, listOf, optionalText, section, text, textMap } from '../yaml/scalar-text.ts';
import { parseDurationMs } from './duration.ts';

const duration = text
  .refine((value) => parseDurationMs(value) !== undefined, {
    error: (issue) => `is ${JSON.stringify(issue.input)}, must be a duration such as 5m or 1h30m`,
  })
  .transform((value) => parseDurationMs(value) ?? 0);

const quantities = section({ cpu: optionalText, memory: optionalText }).nullish();

const schedule = section({ start_date: text, end_date: optionalText, interval: optionalText });

const retry = section({
  count: count.nullish(),
  delay: duration.nullish(),
  exponential_backoff: flag.nullish(),
}).nullish();

const EVENTS = ['sla_miss', 'failure', 'success'];

const notifyEvent = text.refine((value) => value === '' || EVENTS.includes(value), {
  error: (issue) => `is ${JSON.stringify(issue.input)}, must be one of ${EVENTS.join(', ')}`,
});

const behavior = section({
  depends_on_past: flag.nullish(),
  catch_up: flag.nullish(),
  retry,
  notify: listOf(section({ on: notifyEvent, config: textMap, channels: listOf(text) })),
}).nullish();

const task = section({
  name: text,
  config: textMap,
  window: section({ size: optionalText, offset: optionalText, truncate_to: optionalText }).nullish(),
});

const http = section({ name: text, url: text, params: textMap, headers: textMap }).nullish();

const metadata = section({
  resource: section({ request: quantities, limit: quantities }).nullish(),
  airflow: section({ pool: optionalText, queue: optionalText }).nullish(),
}).nullish();

/** The form of `job.yaml`. What its values mean together is checked after, by the rules of the core. */
export const jobYamlSchema = section({
  version: count,
  name: text,
  owner: text,
  description: optionalText,
  labels: textMap,
  schedule,
  behavior,
  task,
  hooks: listOf(section({ name: text, config: textMap })),
  dependencies: listOf(section({ job: optionalText, type: optionalText, http })),
  metadata,
});

/** The file as it stands, its values parsed. */
export type JobYaml = z.output<typeof jobYamlSchema>;
