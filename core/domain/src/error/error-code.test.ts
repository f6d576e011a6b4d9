import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_KINDS } from './error-code.ts';

const catalogue = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

it('is documented in docs/errors.md, each code with its kind, what it means and what to do', () => {
  const rows = [...catalogue.matchAll(/^\| `([A-Z_]+)` \| `([a-z_]+)` \| (.+) \| (.+) \|$/gm)];
  const documented = Object.fromEntries(rows.map(([, code, kind]) => [code, kind]));
  expect(documented).toEqual(ERROR_KINDS);
  expect(rows).toHaveLength(Object.keys(ERROR_KINDS).length);
});
