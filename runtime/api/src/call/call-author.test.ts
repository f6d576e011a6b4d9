import { describe, expect, it } from 'vitest';
import { toAuthor } from './call-author.ts';

describe('the author of a change', () => {
  it.each([
    ['as the client says', 'Ada <ada@example.io>', '', 'Ada <ada@example.io>'],
    ['by the credentials when the client says nothing', undefined, 'ci', 'ci'],
    ['nobody when neither is known', undefined, '', ''],
    ['with whom the credentials name beside it', 'Ada', 'ci', 'Ada (as ci)'],
    ['without saying one name twice', 'ada <ada@example.io>', 'ada', 'ada <ada@example.io>'],
    ['in any script, percent-encoded', 'Zo%C3%AB <zoe@example.io>', '', 'Zoë <zoe@example.io>'],
    ['in UTF-8 as it came', Buffer.from('Zoë').toString('latin1'), '', 'Zoë'],
    ['with a percent sign that encodes nothing', '100% Ada', '', '100% Ada'],
  ])('is known %s', (_how, header, caller, author) => {
    expect(toAuthor(header, caller)).toBe(author);
  });

  it('does nothing to the terminal of who lists it, and fits into a line', () => {
    expect(toAuthor('%1B[31mAda%0A%E2%80%AEevil', '')).toBe('[31mAda evil');
    expect(toAuthor('a'.repeat(10_000), '')).toHaveLength(200);
  });
});
