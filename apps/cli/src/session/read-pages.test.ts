import { expect, it } from 'vitest';
import { readPages } from './read-pages.ts';

/** Reads of a list of numbers, by tokens that are places in it; answers the sizes that were asked for too. */
async function read(limit: number, count: number, most = 1000) {
  const sizes: number[] = [];
  const listed = await readPages(limit, async ({ pageSize, pageToken }) => {
    sizes.push(pageSize);
    const from = Number(pageToken);
    const to = Math.min(from + Math.min(pageSize, most), count);
    const items = Array.from({ length: to - from }, (_, index) => from + index);
    return { items, nextPageToken: to < count ? `${to}` : '' };
  });
  return { ...listed, sizes };
}

it('says that there are more, but not when there are exactly so many', async () => {
  expect(await read(2, 3)).toEqual({ items: [0, 1], hasMore: true, sizes: [3] });
  expect(await read(2, 2)).toEqual({ items: [0, 1], hasMore: false, sizes: [3] });
  expect(await read(2, 0)).toEqual({ items: [], hasMore: false, sizes: [3] });
});

it('goes on from page to page, also with a server that gives less than it is asked for', async () => {
  const all = Array.from({ length: 7 }, (_, index) => index);
  expect(await read(7, 9, 2)).toEqual({ items: all, hasMore: true, sizes: [8, 8, 8, 8] });
  const { items, hasMore, sizes } = await read(2500, 2501);
  expect([items.length, hasMore, sizes]).toEqual([2500, true, [1000, 1000, 1000]]);
});

it('takes what a server that knows no pages answers at once', async () => {
  const listed = await readPages(2, async () => ({ items: [1, 2, 3, 4], nextPageToken: '' }));
  expect(listed).toEqual({ items: [1, 2], hasMore: true });
});
