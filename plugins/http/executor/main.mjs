#!/usr/bin/env node
// Calls the URL that a hook's configuration describes. Needs Node 22 and nothing else.
import { callPatiently } from './call.mjs';
import { hide, listConfidential } from './confidential.mjs';
import { readSettings } from './settings.mjs';

async function run(env) {
  const settings = readSettings(env);
  const { url, method } = settings.request;
  const confidential = listConfidential(settings.request);
  // Of the URL only the origin is ever shown: path and query of a webhook are its password.
  const onRetry = (line) => console.error(`http: ${hide(line, confidential)}`);
  try {
    const { status, tookMs, text } = await callPatiently(settings, onRetry);
    console.log(`${method} ${url.origin} answered ${status} in ${tookMs} ms`);
    if (text !== '') console.log(hide(text, confidential));
  } catch (error) {
    throw new Error(hide(error.message, confidential), { cause: error });
  }
}

// As process 1 of a container the program would never see the request to end.
process.once('SIGTERM', () => process.exit(143));

run(process.env).then(
  () => process.exit(0),
  (error) => {
    console.error(`http: ${error.message}`);
    process.exit(1);
  },
);
