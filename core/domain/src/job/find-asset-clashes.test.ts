import { expect, it } from 'vitest';
import { findAssetClashes } from './find-asset-clashes.ts';

it('refuses names that some disks take for one', () => {
  for (const names of [
    ['Query.sql', 'query.sql'],
    ['caf\u00e9.sql', 'cafe\u0301.sql'],
    ['a/B.sql', 'A/b.sql'],
  ]) {
    const [problem, ...more] = findAssetClashes(names);
    expect(problem?.message).toMatch(/^cannot lie beside ".+": .+; rename one of them$/);
    expect(more).toEqual([]);
  }
});

it('refuses a file and a folder of one name', () => {
  expect(findAssetClashes(['a', 'A/b/c'])).toEqual([
    { path: 'assets.A/b/c', message: 'lies in the folder "a", which is an asset too; rename one of them' },
  ]);
});

it('lets names be that only begin alike', () => {
  expect(findAssetClashes(['a', 'a.sql', 'ab/a', 'ab/b', 'b/a'])).toEqual([]);
});
