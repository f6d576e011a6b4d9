import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobName, mustRun, prepareWeek, ticks } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';

const [first, second, third] = ['first', 'second', 'third'].map((word) =>
  `${word}-key-of-this-journey-`.repeat(2),
);
const apiKey = 'value-that-stays';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  await startWith(first);
  await prepareWeek(stage, apiKey);
  await mustRun(stage, ['deploy']);
});

afterAll(() => stage.clear());

let stop = async (): Promise<void> => {};

/** Ends the server and starts one with these keys. */
async function startWith(
  key: string | undefined,
  ...previous: readonly (string | undefined)[]
): Promise<void> {
  await stop();
  await stage.configure({ serve: { app_key: key, previous_app_keys: previous } });
  const server = await stage.startServer();
  stop = async () => void (await server.end('SIGTERM'));
}

/** What a run gets of its secret. */
async function readSecret(): Promise<unknown> {
  const url = `http://127.0.0.1:${stage.port}/api/v1/project/space/job/${jobName}/run_input`;
  const body = { scheduled_at: ticks[0], instance_name: 'neo', instance_type: 'TASK' };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

it('encrypts the secrets again under the key of the server, which then needs the old one no more', async () => {
  const seen = { secrets: { SECRET_KEY: JSON.stringify(apiKey) } };
  await startWith(second, first);
  expect(await readSecret()).toMatchObject(seen);
  expect(await mustRun(stage, ['secret', 'rotate-key'])).toBe(
    '1 secret is encrypted under the present key now\n',
  );
  await startWith(second);
  expect(await readSecret()).toMatchObject(seen);
  expect(await mustRun(stage, ['secret', 'rotate-key'])).toContain('nothing was encrypted again');
});

it('names the secrets that no key of the server opens, and what to do', async () => {
  await startWith(third);
  const { code, stderr } = await stage.optimus(['secret', 'rotate-key']);
  expect(code).toBe(1);
  expect(stderr).toContain('neo_api_key in project space');
  expect(stderr).toContain('serve.previous_app_keys');
  expect(stderr).not.toContain(apiKey);
  await startWith(third, second);
  expect(await mustRun(stage, ['secret', 'rotate-key'])).toContain('1 secret');
});
