import type { ComputeWindow } from '@optimus/domain';
import { computeDayWindow } from '@optimus/domain/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';

let asked: Parameters<ComputeWindow>[0] | undefined;

beforeEach(() => {
  asked = undefined;
});

/** What the rules of windows are asked is remembered; what they answer is the day before. */
const computeWindow: ComputeWindow = (spec, scheduledAt) => {
  asked = spec;
  return computeDayWindow(spec, scheduledAt);
};

async function get(query: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { url } = await startApi({ deps: makeMemoryDeps({ computeWindow }) });
  const response = await fetch(`${url}/api/v1beta1/window?scheduledAt=2023-12-01T03:00:00Z&${query}`);
  return { status: response.status, body: await response.json() };
}

const older = { shiftBy: '', location: '' };

describe('GET /api/v1beta1/window', () => {
  it.each([
    ['size=24h&offset=0&truncateTo=d', 1, { size: '24h', offset: '0', truncateTo: 'd', ...older }],
    ['size=1M&offset=0&truncate_to=M&version=2', 2, { size: '1M', offset: '0', truncateTo: 'M', ...older }],
    ['size=1d&version=3', 3, { size: '1d', offset: '', truncateTo: '', shiftBy: '', location: '' }],
    [
      'size=1d&shift_by=-1d&location=Asia%2FJakarta&truncate_to=h&version=3',
      3,
      { size: '1d', offset: '', truncateTo: 'h', shiftBy: '-1d', location: 'Asia/Jakarta' },
    ],
    // Callers from before shift_by.
    [
      'size=1d&offset=-1d&truncate_to=h&version=3',
      3,
      { size: '1d', offset: '', truncateTo: 'h', shiftBy: '-1d', location: '' },
    ],
    [
      'size=1d&offset=0&truncate_to=d&version=3',
      3,
      { size: '1d', offset: '', truncateTo: 'd', shiftBy: '', location: '' },
    ],
  ])('with %s asks for a window of version %i', async (query, version, window) => {
    const answer = await get(query);
    expect(answer).toEqual({
      status: 200,
      body: { start: '2023-11-30T00:00:00Z', end: '2023-12-01T00:00:00Z' },
    });
    expect([asked?.version, asked?.task.window]).toEqual([version, window]);
  });

  it.each([
    ['size=24h&offset=0', 'truncate_to is missing'],
    ['size=24h&truncate_to=d&version=2', 'offset is missing'],
    ['offset=0&truncate_to=d&version=3', 'size is missing'],
  ])('with %s is refused: %s', async (query, message) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringContaining(message) });
  });
});
