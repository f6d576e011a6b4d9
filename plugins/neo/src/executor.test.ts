import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const executor = fileURLToPath(new URL('../executor/main.mjs', import.meta.url));
const printDetails = fileURLToPath(new URL('./fixtures/print_details.py', import.meta.url));

interface Answer {
  readonly status?: number;
  readonly body: string;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers that the next run meets, and what it asked. */
let context: Answer;
let feed: Answer;
let asked: Asked[] = [];
let server: Server;
let host = '';

const window = { RANGE_START: '2022-09-18T00:00:00Z', RANGE_END: '2022-09-19T00:00:00Z' };

function toContext(
  envs: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): Answer {
  return { body: JSON.stringify({ context: { envs, files: {}, secrets } }) };
}

/** An object of the feed; `diameter` is the text of its JSON number. */
function toObject(name: string, diameter: string, hazardous = true): string {
  return `{"name":${JSON.stringify(name)},"is_potentially_hazardous_asteroid":${hazardous},
    "estimated_diameter":{"kilometers":{"estimated_diameter_max":${diameter}}},
    "close_approach_data":[{"relative_velocity":{"kilometers_per_hour":"147052.9914506647"}}]}`;
}

function toFeed(...objects: ReadonlyArray<string>): Answer {
  return {
    body: `{"element_count":${objects.length},"near_earth_objects":{"2022-09-18":[${objects.join()}]}}`,
  };
}

beforeEach(async () => {
  asked = [];
  context = toContext(window);
  feed = toFeed(toObject('(2014 KP4)', '0.8204270649'), toObject('(2003 TG2)', '0.3', false));
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://local.invalid');
    const answer = url.pathname.startsWith('/neo/') ? feed : context;
    void text(request).then((body) => {
      asked.push({ method: request.method ?? '', url, headers: request.headers, body });
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});

afterEach(() => server.close());

async function run(env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [executor], {
    env: {
      OPTIMUS_HOSTNAME: host,
      PROJECT: 'space',
      JOB_NAME: 'is_last_day_on_earth',
      SCHEDULED_AT: '2022-09-19T02:00:00Z',
      SECRET_KEY: '"s3cret"',
      NEO_API_HOST: `http://${host}`,
      ...env,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

test('prints the log that the guide shows', async () => {
  expect(await run()).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      'for date range 2022-09-18T00:00:00Z - 2022-09-19T00:00:00Z',
      'total tracking: 2',
      'potential hazardous: 1',
      'Name: (2014 KP4)',
      'Estimated Diameter: 0.8204270649 km',
      'Relative Velocity: 147052.9914506647 km/h',
      '\n\n',
    ].join('\n'),
  });
});

test('asks the server for its context, and the feed with the key', async () => {
  await run();
  const [first, second] = asked;
  expect(first).toMatchObject({ method: 'POST' });
  expect(first?.url.pathname).toBe('/api/v1/project/space/job/is_last_day_on_earth/instance');
  expect(JSON.parse(first?.body ?? '')).toEqual({
    scheduled_at: '2022-09-19T02:00:00Z',
    instance_name: 'neo',
    instance_type: 'TASK',
  });
  expect(first?.headers.authorization).toBeUndefined();
  expect(second?.url.pathname).toBe('/neo/rest/v1/feed');
  expect(Object.fromEntries(second?.url.searchParams ?? [])).toMatchObject({ api_key: 's3cret' });
});

test('names itself to a server that asks who calls', async () => {
  await run({ OPTIMUS_HOSTNAME: `run:p%40ss@${host}` });
  expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('run:p@ss').toString('base64')}`);
});

test('takes the key from the secrets of the run when the environment has none', async () => {
  context = toContext(window, { SECRET_KEY: '"from-context"' });
  await run({ SECRET_KEY: undefined as never });
  expect(asked[1]?.url.searchParams.get('api_key')).toBe('from-context');
});

test.each([
  ['a day', '2022-09-18T00:00:00Z', '2022-09-19T00:00:00Z', '2022-09-18', '2022-09-18'],
  ['a week', '2022-09-18T00:00:00Z', '2022-09-25T00:00:00Z', '2022-09-18', '2022-09-24'],
  ['an hour', '2022-09-18T05:00:00Z', '2022-09-18T06:00:00Z', '2022-09-18', '2022-09-18'],
  ['nothing', '2022-09-18T05:00:00Z', '2022-09-18T05:00:00Z', '2022-09-18', '2022-09-18'],
  ['a day that ends at two', '2022-09-18T02:00:00Z', '2022-09-19T02:00:00Z', '2022-09-18', '2022-09-19'],
  ['plain dates', '2022-09-18', '2022-09-20', '2022-09-18', '2022-09-19'],
  ['another zone', '2022-09-18T00:00:00+07:00', '2022-09-19T00:00:00+07:00', '2022-09-17', '2022-09-18'],
])('of a window of %s asks for the days it covers', async (_, start, end, first, last) => {
  context = toContext({ RANGE_START: start, RANGE_END: end });
  await run();
  expect(asked[1]?.url.searchParams.get('start_date')).toBe(first);
  expect(asked[1]?.url.searchParams.get('end_date')).toBe(last);
});

describe('fails with exit code 1 and one line', () => {
  test.each<[string, () => void, Record<string, string>, RegExp]>([
    [
      'a wrong key',
      () => {
        feed = { status: 403, body: '{"error":{"code":"API_KEY_INVALID",\n"key":"s3cret"}}' };
      },
      {},
      /answered 403: {"error":{"code":"API_KEY_INVALID", "key":"\*\*\*"}}/,
    ],
    [
      'an unknown job',
      () => {
        context = { status: 404, body: '{"message":"no such job"}' };
      },
      {},
      /Optimus answered 404: {"message":"no such job"}/,
    ],
    [
      'a context without a range',
      () => {
        context = toContext({});
      },
      {},
      /no RANGE_START and RANGE_END/,
    ],
    [
      'a range that is no date',
      () => {
        context = toContext({ RANGE_START: 'soon', RANGE_END: 'later' });
      },
      {},
      /RANGE_START is "soon", which is no date/,
    ],
    ['a key that is no JSON', () => {}, { SECRET_KEY: 's3cret' }, /SECRET_KEY is not JSON/],
    ['a key that is null', () => {}, { SECRET_KEY: 'null' }, /invalid api token/],
    [
      'a feed that is not there',
      () => {},
      { NEO_API_HOST: 'http://127.0.0.1:1' },
      /cannot reach 127\.0\.0\.1:1: /,
    ],
    ['being run by hand', () => {}, { PROJECT: '' }, /PROJECT is not set/],
  ])('for %s', async (_, prepare, env, message) => {
    prepare();
    const { code, stdout, stderr } = await run(env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(stderr).not.toContain('s3cret');
  });
});

const diameters = [
  '1',
  '1.0',
  '0.10',
  '1e-05',
  '0.0001',
  '0.00001234',
  '1e16',
  '1E15',
  '123456789012345678.0',
  '-0.0',
  '1e400',
  '12345678901234567890',
  '5e-324',
  '0.1e1',
];

/** The guide's program is Python; without it only our own reading of its rules can be tested. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

test('prints numbers as Python does', async () => {
  feed = toFeed(...diameters.map((diameter) => toObject('(1)', diameter)));
  const { stdout } = await run();
  expect([...stdout.matchAll(/Diameter: (.*) km/g)].map(([, number]) => number)).toEqual([
    '1',
    '1.0',
    '0.1',
    '1e-05',
    '0.0001',
    '1.234e-05',
    '1e+16',
    '1000000000000000.0',
    '1.2345678901234568e+17',
    '-0.0',
    'inf',
    '12345678901234567890',
    '5e-324',
    '1.0',
  ]);
});

test.skipIf(!hasPython)('prints byte for byte what the program of the guide prints', async () => {
  const odd = ['(2014 KP4)', 'quoted "name" \\ {0}', 'Größe ☄ 12.5', '12'].map((name) =>
    toObject(name, '0.25'),
  );
  feed = toFeed(...odd, ...diameters.map((diameter) => toObject('(1)', diameter)));
  const python = spawnSync('python3', [printDetails], {
    input: feed.body,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  const { stdout } = await run();
  expect(stdout.slice(stdout.indexOf('\n') + 1)).toBe(python.stdout.toString());
});
