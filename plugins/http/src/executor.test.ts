import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  type CalledService,
  hangUp,
  keepSilent,
  startCalledService,
  status,
} from './testing/called-service.ts';
import { runExecutor, startExecutor } from './testing/run-executor.ts';

const started: CalledService[] = [];

async function start(...answers: readonly Answer[]): Promise<CalledService> {
  const service = await startCalledService(...answers);
  started.push(service);
  return service;
}

afterEach(() => {
  for (const service of started.splice(0)) service.stop();
});

test('sends method, headers and body, and tells what was answered', async () => {
  const service = await start(status(204));
  const { code, stdout, stderr } = await runExecutor({
    HTTP_URL: `${service.origin}/hook?job=a%20b`,
    HTTP_METHOD: 'put',
    HTTP_HEADER_X_API_KEY: 's3cret',
    HTTP_BODY: '{"from":"2022-09-18"}',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^PUT ${service.origin} answered 204 in \\d+ ms\n$`));
  expect(service.calls).toMatchObject([
    {
      method: 'PUT',
      path: '/hook?job=a%20b',
      headers: { 'x-api-key': 's3cret', 'content-type': 'application/json', 'user-agent': 'optimus-http' },
      body: '{"from":"2022-09-18"}',
    },
  ]);
});

test('posts without a body unless told otherwise', async () => {
  const service = await start(status(200));
  await runExecutor({ HTTP_URL: service.origin });
  expect(service.calls).toMatchObject([{ method: 'POST', body: '' }]);
});

test.each([
  ['text/plain', 'not { json', {}],
  [
    'application/x-www-form-urlencoded',
    'a=b',
    { HTTP_HEADER_CONTENT_TYPE: 'application/x-www-form-urlencoded' },
  ],
])('sends a body as %s', async (type, body, config) => {
  const service = await start(status(200));
  await runExecutor({ HTTP_URL: service.origin, HTTP_BODY: body, ...config });
  expect(service.calls).toMatchObject([{ headers: { 'content-type': type }, body }]);
});

test('makes a header of user and password in the URL', async () => {
  const service = await start(status(200));
  const url = service.origin.replace('//', '//robot:p%40ss@');
  expect(await runExecutor({ HTTP_URL: url })).toMatchObject({ code: 0 });
  const authorization = `Basic ${Buffer.from('robot:p@ss').toString('base64')}`;
  expect(service.calls).toMatchObject([{ headers: { authorization } }]);
});

test.each([
  ['202', 202],
  ['200, 404', 404],
  ['3XX,2xx', 302],
])('takes for success what %s expects: %i', async (HTTP_EXPECTED_STATUS, code) => {
  const service = await start(status(code, { location: '/elsewhere' }));
  expect(await runExecutor({ HTTP_URL: service.origin, HTTP_EXPECTED_STATUS })).toMatchObject({ code: 0 });
  expect(service.calls).toHaveLength(1);
});

test('fails with any other status, and does not try again what would not change', async () => {
  const service = await start(status(404));
  expect(await runExecutor({ HTTP_URL: service.origin })).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: `http: POST ${service.origin} answered 404, expected 2xx\n`,
  });
  expect(service.calls).toHaveLength(1);
});

describe('tries again', () => {
  test.each([
    ['a busy service', status(503)],
    ['one that wants fewer calls', status(429)],
    ['one that hangs up', hangUp],
  ])('after %s', async (_, answer) => {
    const service = await start(answer, answer, status(200));
    const { code, stderr } = await runExecutor({ HTTP_URL: service.origin });
    expect(code).toBe(0);
    expect(stderr.match(/trying again in [\d.]+ s \(\d of 3\)/g)).toEqual([
      'trying again in 0.001 s (1 of 3)',
      'trying again in 0.002 s (2 of 3)',
    ]);
    expect(service.calls).toHaveLength(3);
  });

  test('as often as it is told, and says how often it was', async () => {
    const service = await start(status(500));
    const { code, stderr } = await runExecutor({ HTTP_URL: service.origin, HTTP_RETRIES: '2' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/answered 500, expected 2xx, also after 2 more tries\n$/);
    expect(service.calls).toHaveLength(3);
  });

  test('not at all when told so', async () => {
    const service = await start(status(500));
    const { stderr } = await runExecutor({ HTTP_URL: service.origin, HTTP_RETRIES: '0' });
    expect(stderr).toBe(`http: POST ${service.origin} answered 500, expected 2xx\n`);
  });

  test('not before the service wants it', async () => {
    const service = await start(status(503, { 'retry-after': '1' }), status(200));
    const { stderr } = await runExecutor({ HTTP_URL: service.origin });
    expect(stderr).toContain('answered 503, expected 2xx; trying again in 1 s (1 of 3)');
  });

  test('after an answer that does not come in time', async () => {
    const service = await start(keepSilent, status(200));
    const { code, stderr } = await runExecutor({ HTTP_URL: service.origin, HTTP_TIMEOUT: '500ms' });
    expect(code).toBe(0);
    expect(stderr).toContain('did not answer within 0.5 s; trying again');
  });

  test('to reach what is not there', async () => {
    const { code, stderr } = await runExecutor({
      HTTP_URL: 'http://127.0.0.1:1/x?key=s3cret',
      HTTP_RETRIES: '1',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^http: cannot reach http:\/\/127\.0\.0\.1:1: .*\nhttp: .*also after 1 more try\n$/,
    );
  });
});

describe('redirects', () => {
  test('are followed on the same host, with all that was sent', async () => {
    const service = await start(status(307, { location: '/next?x=1' }), status(200));
    const config = { HTTP_URL: service.origin, HTTP_BODY: '{}', HTTP_HEADER_AUTHORIZATION: 'Bearer t0ken' };
    expect(await runExecutor(config)).toMatchObject({ code: 0 });
    expect(service.calls[1]).toMatchObject({
      method: 'POST',
      path: '/next?x=1',
      headers: { authorization: 'Bearer t0ken' },
      body: '{}',
    });
  });

  test.each([301, 302, 303])('of status %i after a POST are asked for by GET', async (code) => {
    const service = await start(status(code, { location: '/done' }), status(200));
    await runExecutor({ HTTP_URL: service.origin, HTTP_BODY: '{}' });
    expect(service.calls[1]).toMatchObject({ method: 'GET', path: '/done', body: '' });
    expect(service.calls[1]?.headers).not.toHaveProperty('content-type');
  });

  test.each<[string, number, Record<string, string>]>([
    ['a header', 302, { HTTP_METHOD: 'GET', HTTP_HEADER_AUTHORIZATION: 'Bearer t0ken' }],
    ['a header of any name', 302, { HTTP_METHOD: 'GET', HTTP_HEADER_X_KEY: 't0ken' }],
    ['a body', 307, { HTTP_BODY: 't0ken' }],
  ])('to another host are refused when %s would go along', async (_, code, config) => {
    const other = await start(status(200));
    const service = await start(status(code, { location: `${other.origin}/steal` }));
    const { stderr, code: exit } = await runExecutor({ HTTP_URL: service.origin, ...config });
    expect(exit).toBe(1);
    expect(stderr).toContain(`redirects to ${other.origin}, which is not sent the credentials`);
    expect(stderr).not.toContain('t0ken');
    expect(other.calls).toEqual([]);
    expect(service.calls).toHaveLength(1);
  });

  test('to another host are refused when the URL had a password', async () => {
    const other = await start(status(200));
    const service = await start(status(302, { location: other.origin }));
    const url = service.origin.replace('//', '//robot:t0ken@');
    expect(await runExecutor({ HTTP_URL: url, HTTP_METHOD: 'GET' })).toMatchObject({ code: 1 });
    expect(other.calls).toEqual([]);
  });

  test('to another host are followed when nothing is given away', async () => {
    const other = await start(status(200));
    const service = await start(status(302, { location: `${other.origin}/x` }));
    expect(
      await runExecutor({ HTTP_URL: `${service.origin}/?key=s3cret`, HTTP_METHOD: 'GET' }),
    ).toMatchObject({
      code: 0,
    });
    expect(other.calls).toMatchObject([{ path: '/x' }]);
    expect(other.calls[0]?.headers).not.toHaveProperty('referer');
  });

  test.each([
    ['for ever', '/again', 'redirects more than 10 times'],
    ['to a file', 'file:///etc/passwd', 'redirects to what is no URL of http or https'],
  ])('%s are refused', async (_, location, message) => {
    const service = await start(status(302, { location }));
    expect((await runExecutor({ HTTP_URL: service.origin, HTTP_METHOD: 'GET' })).stderr).toContain(message);
  });
});

describe('secrets', () => {
  const config = {
    HTTP_HEADER_AUTHORIZATION: 'Bearer s3cret-token',
    HTTP_BODY: 's3cret-body',
    HTTP_LOG_RESPONSE: 'true',
  };

  test.each([200, 400])('are not shown, even if the service repeats them with %i', async (code) => {
    const service = await start((response, call) => {
      response.writeHead(code).end(JSON.stringify({ call, again: 'robot:s3cret-pass' }));
    });
    const url = `${service.origin.replace('//', '//robot:s3cret-pass@')}/services/s3cret-path?key=s3cret-key`;
    const { HTTP_HEADER_AUTHORIZATION: _, ...withoutHeader } = config;
    for (const each of [withoutHeader, config]) {
      const { stdout, stderr } = await runExecutor({ HTTP_URL: url, ...each });
      expect(`${stdout}${stderr}`).toContain('***');
      expect(`${stdout}${stderr}`).not.toContain('s3cret');
    }
  });

  test('an answer is shown only when that is asked for', async () => {
    const service = await start(status(500, {}, 'because\nof this'));
    const quiet = await runExecutor({ HTTP_URL: service.origin, HTTP_RETRIES: '0' });
    expect(quiet.stderr).not.toContain('because');
    const shown = await runExecutor({
      HTTP_URL: service.origin,
      HTTP_RETRIES: '0',
      HTTP_LOG_RESPONSE: 'true',
    });
    expect(shown.stderr).toBe(`http: POST ${service.origin} answered 500, expected 2xx: because of this\n`);
  });
});

describe('refuses with one line, and calls nobody,', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['no URL', {}, /HTTP_URL is not set/],
    ['a URL that is none', { HTTP_URL: 's3cret' }, /HTTP_URL is no URL of http or https/],
    ['another protocol', { HTTP_URL: 'file:///s3cret' }, /HTTP_URL is no URL of http or https/],
    ['a method that is none', { HTTP_METHOD: 'GE T' }, /HTTP_METHOD is "GE T", which cannot be sent/],
    ['a body for GET', { HTTP_METHOD: 'GET', HTTP_BODY: 's3cret' }, /HTTP_BODY cannot be sent by GET/],
    ['a header of two lines', { HTTP_HEADER_X: 'a\r\ns3cret: b' }, /HTTP_HEADER_X is no header/],
    ['a header without a name', { HTTP_HEADER_: 's3cret' }, /HTTP_HEADER_ is no header/],
    ['a status that is none', { HTTP_EXPECTED_STATUS: '2xx,ok' }, /HTTP_EXPECTED_STATUS has "ok"/],
    ['a timeout without a unit', { HTTP_TIMEOUT: '30' }, /HTTP_TIMEOUT is "30": write a duration/],
    [
      'a timeout of an hour',
      { HTTP_TIMEOUT: '60m' },
      /HTTP_TIMEOUT is "60m": write a duration of at most 5m/,
    ],
    ['too many retries', { HTTP_RETRIES: '1000' }, /HTTP_RETRIES is "1000": write a number from 0 to 10/],
  ])('%s', async (_, config, message) => {
    const service = await start(status(200));
    const url = 'HTTP_URL' in config || Object.keys(config).length === 0 ? {} : { HTTP_URL: service.origin };
    const { code, stdout, stderr } = await runExecutor({ ...url, ...config });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(stderr).not.toContain('s3cret');
    expect(service.calls).toEqual([]);
  });
});

test('ends when it is asked to', async () => {
  const service = await start(keepSilent);
  const child = startExecutor({ HTTP_URL: service.origin });
  await expect.poll(() => service.calls.length).toBe(1);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
});
