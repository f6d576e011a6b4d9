import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type HttpDependency,
  invariant,
  type JobSpec,
  parseProjectName,
  parseSecretName,
} from '@optimus/domain';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

let fixture: SchedulerFixture;
let endpoint: Server;
let calls: IncomingMessage[];
let answer: (response: ServerResponse, call: number) => void;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
  calls = [];
  answer = (response) => response.writeHead(204).end();
  endpoint = createServer((request, response) => answer(response, calls.push(request)));
  await once(endpoint.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  endpoint.closeAllConnections();
  endpoint.close();
  await fixture.drop();
});

const origin = () => `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;

function waitForEndpoint(http: Partial<HttpDependency> = {}): Pick<JobSpec, 'dependencies'> {
  const full = { name: 'landed', url: `${origin()}/ready`, headers: {}, params: {}, ...http };
  return { dependencies: [{ type: 'http', name: '', http: full }] };
}

async function awaitProbe(isReached: (tries: number, outcome: string) => boolean) {
  return await vi.waitFor(
    async () => {
      const [run] = await fixture.runs();
      const probe = run?.probes?.[0];
      invariant(probe && isReached(probe.tries, probe.lastOutcome), 'the probe is there');
      return probe;
    },
    { timeout: 15_000, interval: 20 },
  );
}

it('has a run begin when its endpoint answers 2xx, asked again after pauses that grow', async () => {
  answer = (response, call) => response.writeHead(call < 3 ? 503 : 201).end();
  await fixture.deployOne(fixture.toScript(), waitForEndpoint());
  await fixture.startServer();
  const probe = await awaitProbe((_, outcome) => outcome !== '');
  expect(probe).toMatchObject({ kind: 'http', target: `${origin()}/ready`, lastOutcome: 'answered 503' });
  expect(fixture.trace()).toEqual([]);
  const [run] = await fixture.waitForEnd(1, 20_000);
  expect(run?.state).toBe('success');
  expect(run?.probes).toBeUndefined();
  expect(calls).toHaveLength(3);
}, 30_000);

it('asks with what its templates make for the run, and shows no secret', async () => {
  const name = parseSecretName('web_token');
  await fixture.database.store.secrets.create({ project: parseProjectName('space') }, name, 's3cret-token');
  answer = (response) => response.writeHead(403).end('s3cret-token');
  await fixture.deployOne(
    fixture.toScript(),
    waitForEndpoint({
      url: `${origin()}/day/{{ .DSTART | Date }}?key={{.secret.web_token}}`,
      headers: { Authorization: 'Bearer {{.secret.web_token}}' },
      params: { until: '{{.DEND}}' },
    }),
  );
  await fixture.startServer();
  const probe = await awaitProbe((_, outcome) => outcome !== '');
  expect(calls[0]?.headers.authorization).toBe('Bearer s3cret-token');
  expect(calls[0]?.url).toBe('/day/2022-09-18?key=s3cret-token&until=2022-09-19T00%3A00%3A00Z');
  expect(probe).toMatchObject({ target: `${origin()}/day/2022-09-18`, lastOutcome: 'answered 403' });
  expect(JSON.stringify(await fixture.query('SELECT * FROM run_probe'))).not.toContain('s3cret-token');
});

it('goes on asking when a template makes nothing of it, and says so', async () => {
  await fixture.deployOne(fixture.toScript(), waitForEndpoint({ url: `${origin()}/{{.proj.NOWHERE}}` }));
  await fixture.startServer();
  const { lastOutcome } = await awaitProbe((_, outcome) => outcome !== '');
  expect(lastOutcome).toMatch(/endpoint "landed": .*NOWHERE/);
  expect(calls).toEqual([]);
});

it('takes over the try of a server that does not come back with it', async () => {
  answer = (response, call) => void (call > 1 && response.writeHead(200).end());
  await fixture.deployOne(fixture.toScript(), waitForEndpoint());
  await fixture.startServer({ hostId: 'one' }, { probeLeaseMs: 500 });
  await expect.poll(() => calls).toHaveLength(1);
  await fixture.startServer({ hostId: 'two', dataDir: `${fixture.dataDir}/two` });
  const [run] = await fixture.waitForEnd(1);
  expect([run?.state, calls.length]).toEqual(['success', 2]);
});

it('leaves a try to the next server at once when it stops', async () => {
  answer = (response, call) => void (call > 1 && response.writeHead(200).end());
  await fixture.deployOne(fixture.toScript(), waitForEndpoint());
  const first = await fixture.startServer();
  await expect.poll(() => calls).toHaveLength(1);
  await first.stop();
  await fixture.startServer();
  const [run] = await fixture.waitForEnd(1);
  expect([run?.state, calls.length]).toEqual(['success', 2]);
});
