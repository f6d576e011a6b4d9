import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NearEarthObject } from './feed/feed-recording.ts';
import { type FeedServer, startFeedServer } from './feed-server.ts';

const apiKey = 'key-of-this-test';
let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer({ apiKey });
});

afterAll(() => server.stop());

async function ask(query: Record<string, string>) {
  const response = await fetch(`${server.url}/neo/rest/v1/feed?${new URLSearchParams(query).toString()}`);
  return { status: response.status, text: await response.text() };
}

async function askFeed(start_date: string, end_date: string) {
  const { status, text } = await ask({ start_date, end_date, api_key: apiKey });
  expect(status).toBe(200);
  return JSON.parse(text);
}

describe('the days of an answer', () => {
  it('include both ends', async () => {
    const feed = await askFeed('2022-09-18', '2022-09-19');
    expect(Object.keys(feed.near_earth_objects)).toEqual(['2022-09-18', '2022-09-19']);
    expect(feed.element_count).toBe(21);
  });

  it.each([
    ['2022-09-18', 10, 3],
    ['2022-09-19', 11, 0],
    ['2022-09-20', 9, 0],
    ['2022-09-21', 10, 0],
    ['2022-09-22', 3, 0],
    ['2022-09-23', 7, 1],
    ['2022-09-24', 11, 2],
    ['2022-09-25', 9, 2],
  ])('hold the objects recorded on %s: %i, of which %i hazardous', async (day, count, hazardous) => {
    const feed = await askFeed(day, day);
    const objects = feed.near_earth_objects[day];
    expect(feed.element_count).toBe(count);
    expect(objects).toHaveLength(count);
    expect(
      objects.filter((object: NearEarthObject) => object.is_potentially_hazardous_asteroid),
    ).toHaveLength(hazardous);
  });

  it('are the whole recording when the week is asked for', async () => {
    expect((await askFeed('2022-09-18', '2022-09-25')).element_count).toBe(70);
  });

  it('count by the date part of a date-time', async () => {
    const feed = await askFeed('2022-09-18T00:00:00Z', '2022-09-19T00:00:00Z');
    expect(feed.element_count).toBe(21);
  });

  it('are empty lists outside the recording', async () => {
    const feed = await askFeed('2022-09-25', '2022-09-26');
    expect(feed.near_earth_objects['2022-09-26']).toEqual([]);
    expect(feed.element_count).toBe(9);
  });

  it('are the week after the start when no end is given', async () => {
    const { text } = await ask({ start_date: '2022-09-18', api_key: apiKey });
    expect(JSON.parse(text).element_count).toBe(70);
  });
});

describe('the links of an answer', () => {
  it('page by the length of the range', async () => {
    const { links } = await askFeed('2022-09-18', '2022-09-20');
    const range = (link: string) => /start_date=(.*?)&end_date=(.*?)&/.exec(link)?.slice(1);
    expect(range(links.self)).toEqual(['2022-09-18', '2022-09-20']);
    expect(range(links.next)).toEqual(['2022-09-20', '2022-09-22']);
    expect(range(links.previous)).toEqual(['2022-09-16', '2022-09-18']);
  });

  it('never repeat the key that was sent', async () => {
    const { text } = await ask({ start_date: '2022-09-18', end_date: '2022-09-25', api_key: apiKey });
    expect(text).not.toContain(apiKey);
  });
});

describe('a refusal', () => {
  it("of a wrong key is NASA's 403", async () => {
    const { status, text } = await ask({ start_date: '2022-09-18', end_date: '2022-09-18', api_key: 'no' });
    expect(status).toBe(403);
    expect(text).toBe(
      '{"error":{"code":"API_KEY_INVALID","message":"An invalid api_key was supplied. Get one at https://api.nasa.gov:443"}}',
    );
  });

  it('of a missing key says so', async () => {
    const { status, text } = await ask({ start_date: '2022-09-18', end_date: '2022-09-18' });
    expect([status, JSON.parse(text).error.code]).toEqual([403, 'API_KEY_MISSING']);
  });

  it.each([
    ['a range over seven days', '2022-09-18', '2022-09-26'],
    ['an end before its start', '2022-09-19', '2022-09-18'],
    ['a day no calendar has', '2022-02-30', '2022-03-01'],
    ['a date in another form', '18.09.2022', '19.09.2022'],
    ['an empty date', '', '2022-09-18'],
  ])("of %s is NASA's 400, without the key", async (_, start_date, end_date) => {
    const { status, text } = await ask({ start_date, end_date, api_key: apiKey });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      code: 400,
      http_error: 'BAD_REQUEST',
      error_message:
        'Date Format Exception - Expected format (yyyy-mm-dd) - The Feed date limit is only 7 Days',
      request: expect.stringContaining('/neo/rest/v1/feed?start_date='),
    });
    expect(text).not.toContain(apiKey);
  });

  it('of another path or method is 404 and 405', async () => {
    expect((await fetch(server.url)).status).toBe(404);
    expect((await fetch(`${server.url}/neo/rest/v1/feed`, { method: 'POST' })).status).toBe(405);
  });
});

describe('the feed as a program', () => {
  it('says where it is ready and ends on SIGTERM', async () => {
    const file = fileURLToPath(new URL('./feed-server.ts', import.meta.url));
    const child = spawn(process.execPath, [file, '--api-key', 'other'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const url = /ready on (http:\S+)/.exec(line)?.[1];
    const answer = await fetch(
      `${url}/neo/rest/v1/feed?start_date=2022-09-22&end_date=2022-09-22&api_key=other`,
    );
    expect(await answer.json()).toMatchObject({ element_count: 3 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('stopping', () => {
  it('may be done twice', async () => {
    const other = await startFeedServer({ apiKey });
    await other.stop();
    await other.stop();
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
  });
});
