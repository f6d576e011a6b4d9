import { computeWindow } from '@optimus/compiler';
import { describe, expect, it } from 'vitest';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';

async function get(query: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { url } = await startApi({ deps: makeMemoryDeps({ computeWindow }) });
  const response = await fetch(`${url}/api/v1beta1/window?scheduledAt=2023-12-01T03:00:00Z&${query}`);
  return { status: response.status, body: await response.json() };
}

describe('GET /api/v1beta1/window', () => {
  it.each([
    ['size=24h&offset=0&truncateTo=d', '2023-11-30T00:00:00Z', '2023-12-01T00:00:00Z'],
    ['size=168h&offset=0&truncate_to=w&version=1', '2023-11-26T00:00:00Z', '2023-12-03T00:00:00Z'],
    ['size=1M&offset=0&truncate_to=M&version=2', '2023-11-01T00:00:00Z', '2023-12-01T00:00:00Z'],
    ['size=1d&version=3', '2023-11-30T00:00:00Z', '2023-12-01T00:00:00Z'],
    ['size=1d&offset=-1d&truncate_to=h&version=3', '2023-11-29T03:00:00Z', '2023-11-30T03:00:00Z'],
    [
      'size=1d&shift_by=-1d&location=Asia%2FJakarta&version=3',
      '2023-11-28T17:00:00Z',
      '2023-11-29T17:00:00Z',
    ],
  ])('with %s answers %s to %s', async (query, start, end) => {
    expect(await get(query)).toEqual({ status: 200, body: { start, end } });
  });

  it.each([
    ['size=24h&offset=0', 'truncate_to is missing'],
    ['offset=0&truncate_to=d&version=3', 'size is missing'],
    ['size=24h&offset=0&truncate_to=d&version=4', 'window version "4" has no window rules here'],
    ['size=24h&offset=0&truncate_to=d&shift_by=1d', 'has no meaning before version 3'],
    ['size=1g&version=3', 'units h, d, w, M, y'],
  ])('with %s is refused: %s', async (query, message) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringContaining(message) });
  });
});
