import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_KINDS, type ErrorKind } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { STATUS_CODES, toHttpStatus, toStatusName } from './status-code.ts';

const kinds = [...new Set<ErrorKind>(Object.values(ERROR_KINDS))];
const design = readFileSync(join(import.meta.dirname, '..', '..', 'DESIGN.md'), 'utf8');

describe('the status of an error', () => {
  it.each(kinds)('of kind %s is the one that DESIGN.md tells', (kind) => {
    const name = toStatusName(kind);
    expect(design).toContain(`| \`${kind}\` | ${STATUS_CODES[name]} ${name} | ${toHttpStatus(name)}`);
  });

  it('is never OK, and never a success of HTTP', () => {
    for (const kind of kinds) expect(toStatusName(kind)).not.toBe('OK');
    const names = Object.keys(STATUS_CODES).filter((name) => name !== 'OK') as (keyof typeof STATUS_CODES)[];
    for (const name of names) expect(toHttpStatus(name)).toBeGreaterThanOrEqual(400);
  });
});
