import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executorFolder, preparePython } from '../interop/python-environment.ts';
import { findFilesWith } from './stage/find-files-with.ts';
import { canSeeProcesses, readCommandLines } from './stage/find-leftovers.ts';
import { type GatedFeed, startGatedFeed } from './stage/gated-feed.ts';
import { jobName, mustRun, prepareWeek, ticks } from './stage/neo-week.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { checkout, optimusCommand } from './stage/stage-folder.ts';
import { waitUntil } from './stage/wait-until.ts';

const apiKey = 'key-behind-a-token';
const token = 'token-of-an-operator';
const environment = await preparePython();
const python = 'python' in environment ? environment.python : undefined;

const executors = [
  { name: 'the executor of plugins/neo', command: nodeExecutor(), isMissing: false },
  {
    name: 'the Python executor of the plugin guide',
    command: [python ?? '', path.join(executorFolder, 'main.py')],
    isMissing: python === undefined,
  },
];

function nodeExecutor(): readonly string[] {
  return [process.execPath, path.join(checkout, 'plugins/neo/executor/main.mjs')];
}

for (const { name, command, isMissing } of executors) {
  describe.skipIf(isMissing)(`with tokens on, a week run by ${name}`, () => {
    let stage: Stage;
    let feed: GatedFeed;
    let server: ServerProcess;
    let folder: string;
    /** `user:password` of one attempt. */
    let credential: string;
    let whileItRan: Awaited<ReturnType<typeof tryEverything>>;
    let afterTakeover: number;
    let commandLines: readonly string[] = [];

    beforeAll(async () => {
      [stage, feed] = await Promise.all([setGuardedStage(), startGatedFeed(apiKey)]);
      folder = path.join(stage.folder, 'shown');
      await mkdir(folder);
      await stage.configure({
        serve: { auth: { tokens: [token] } },
        maxRunning: 2,
        neoCommand: toTaskCommand(feed.url, folder, command),
      });
      server = await stage.startServer();
      await prepareWeek(stage, apiKey);
      await mustRun(stage, ['deploy']);
      // All that run have their context: one that asked a server that is away would fail for that.
      await feed.awaitWaiting(2);
      credential = await readCredential(folder, ticks[0] ?? '');
      whileItRan = await tryEverything(stage, credential);
      if (canSeeProcesses) commandLines = await readCommandLines();
      await server.end('SIGKILL');
      server = await stage.startServer();
      afterTakeover = await readContext(stage, credential);
      feed.open();
      await waitUntil('all runs are over', async () => (await readStates(stage)).every(isOver));
    });

    afterAll(async () => {
      await feed.stop();
      await stage.clear();
    });

    it('succeeds, each of the seven runs', async () => {
      expect(await readStates(stage)).toEqual(ticks.map(() => 'success'));
      const [first = ''] = ticks;
      expect(await mustRun(stage, ['job', 'logs', jobName, '--scheduled-at', first])).toMatch(
        /^total tracking: \d+$/m,
      );
    });

    it('gave the command the context of its run', async () => {
      for (const tick of ticks) {
        const written = await readFile(path.join(folder, tick, 'in', '.secret'), 'utf8');
        expect(written).toContain(apiKey);
      }
    });

    it('had an address for each attempt of its own', async () => {
      const credentials = await Promise.all(ticks.map((tick) => readCredential(folder, tick)));
      expect(new Set(credentials).size).toBe(ticks.length);
    });

    it('could read its own context with it and nothing else', () => {
      expect(whileItRan).toEqual({
        ownContext: 200,
        otherRun: 403,
        otherJob: 403,
        secrets: 403,
        projects: 403,
        log: 403,
        metrics: 403,
      });
    });

    it('kept its access when a restarted server took it over', () => {
      expect(afterTakeover).toBe(200);
    });

    it('lost it when it ended', async () => {
      expect(await readContext(stage, credential)).toBe(401);
    });

    it('left it in no log, no listing and no file of the server', async () => {
      const [, code = ''] = credential.split(':');
      const logs = await Promise.all(
        ticks.map((tick) => mustRun(stage, ['job', 'logs', jobName, '--scheduled-at', tick])),
      );
      const runs = await mustRun(stage, ['job', 'runs', jobName, '--output', 'json']);
      expect([...logs, runs, server.output()].join('')).not.toContain(code);
      expect(await server.end('SIGTERM')).toBe(0);
      expect(await findFilesWith(stage.dataDir, code)).toEqual([]);
    });

    it.skipIf(!canSeeProcesses)('had it on no command line', () => {
      expect(commandLines.some((line) => line.includes(command.at(-1) ?? ''))).toBe(true);
      expect(commandLines.join('\n')).not.toContain(credential.split(':')[1]);
    });
  });
}

/** A stage on which the operator has the token. */
async function setGuardedStage(): Promise<Stage> {
  const stage = await setStage();
  return {
    ...stage,
    optimus: (args, options = {}) =>
      stage.optimus(args, { ...options, env: { OPTIMUS_AUTH_BEARER_TOKEN: token } }),
  };
}

function toTaskCommand(feedUrl: string, folder: string, executor: readonly string[]): readonly string[] {
  const script = path.join(checkout, 'tests/e2e/stage/task-with-cli.sh');
  return [
    '/usr/bin/env',
    `NEO_API_HOST=${feedUrl}`,
    '/bin/sh',
    script,
    folder,
    ...optimusCommand,
    ...executor,
  ];
}

async function readCredential(folder: string, tick: string): Promise<string> {
  const address = await readFile(path.join(folder, `${tick}.host`), 'utf8');
  return address.slice(0, address.lastIndexOf('@'));
}

/** The statuses of what the holder of a credential may try. */
async function tryEverything(stage: Stage, credential: string) {
  const project = '/api/v1/project/space';
  const [, second = ''] = ticks;
  return {
    ownContext: await readContext(stage, credential),
    otherRun: await readContext(stage, credential, { tick: second }),
    otherJob: await readContext(stage, credential, { job: 'another' }),
    secrets: await call(stage, credential, `${project}/secret`),
    projects: await call(stage, credential, '/api/v1beta1/project'),
    log: await call(stage, credential, `${project}/job/${jobName}/log?scheduled_at=${second}`),
    metrics: await call(stage, credential, '/metrics'),
  };
}

function readContext(
  stage: Stage,
  credential: string,
  { tick = ticks[0] ?? '', job = jobName }: { readonly tick?: string; readonly job?: string } = {},
): Promise<number> {
  const request = { scheduled_at: tick, instance_name: 'neo', instance_type: 'TASK' };
  return call(stage, credential, `/api/v1/project/space/job/${job}/instance`, request);
}

async function call(stage: Stage, credential: string, at: string, body?: object): Promise<number> {
  const authorization = `Basic ${Buffer.from(credential).toString('base64')}`;
  const response = await fetch(`http://127.0.0.1:${stage.port}${at}`, {
    headers: { authorization, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

async function readStates(stage: Stage): Promise<readonly string[]> {
  const text = await mustRun(stage, ['job', 'runs', jobName, '--output', 'json']);
  return (JSON.parse(text) as readonly { readonly state: string }[]).map(({ state }) => state);
}

function isOver(state: string): boolean {
  return state === 'success' || state === 'failed';
}
