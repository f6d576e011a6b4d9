#!/usr/bin/env node
// Counts the near-Earth objects of the days that a run's data window covers. Needs Node 20 and nothing else.
import { fetchContext } from './context.mjs';
import { fetchFeed, toFeedDays } from './feed.mjs';
import { formatReport } from './report.mjs';

/** The key for the feed: JSON, from the environment or from the run's secrets. */
function readApiKey(env, context) {
  const text = env.SECRET_KEY ?? context.secrets?.SECRET_KEY;
  if (text === undefined) throw new Error('SECRET_KEY is not set: give the task a SECRET_KEY configuration');
  const key = parseQuietly(text);
  if (key === undefined) {
    throw new Error('SECRET_KEY is not JSON: store the key with its quotes, as in \'"DEMO_KEY"\'');
  }
  if (key === null) throw new Error('invalid api token');
  return String(key);
}

/** The parser's own error would quote the secret. */
function parseQuietly(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function run(env) {
  const context = await fetchContext(env);
  const { RANGE_START: rangeStart, RANGE_END: rangeEnd } = context.envs;
  const apiKey = readApiKey(env, context);
  const days = toFeedDays(rangeStart, rangeEnd);
  const feed = await fetchFeed({ host: env.NEO_API_HOST || 'https://api.nasa.gov', days, apiKey });
  process.stdout.write(`for date range ${rangeStart} - ${rangeEnd}\n${formatReport(feed)}`);
}

run(process.env).catch((error) => {
  console.error(`neo: ${error.message}`);
  process.exitCode = 1;
});
