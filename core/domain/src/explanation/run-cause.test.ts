import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUN_CAUSES } from './run-cause.ts';

const root = new URL('../../../../', import.meta.url);
const document = readFileSync(new URL('docs/why.md', root), 'utf8');
const rows = [...document.matchAll(/^\| `([a-z_]+)` \| `([a-z]+)` \| (.+) \| (.+) \| (.+) \|$/gm)];
const tests = new URL('runtime/scheduler/src/explanation/', root);
const titles = new Set(
  readdirSync(tests)
    .map((name) => readFileSync(new URL(name, tests), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\bit\(\s*'([^']+)'/g)].map(([, title]) => title)),
);

it('is documented in docs/why.md, each cause with its verdict, an example, and what to do', () => {
  expect(Object.fromEntries(rows.map(([, cause, verdict]) => [cause, verdict]))).toEqual(RUN_CAUSES);
  expect(rows).toHaveLength(Object.keys(RUN_CAUSES).length);
});

describe('each cause', () => {
  it.each(rows.map(([, cause = '', , , , title = '']) => [cause, title]))(
    '%s is brought about by a test on a real database',
    (_, title) => {
      expect(titles).toContain(title);
    },
  );
});
