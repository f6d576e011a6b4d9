import { describe, expect, it } from 'vitest';
import { readWords } from './read-words.ts';
import { selectFlag, selectInsteadFlag } from './shared-flags.ts';

const listing = { flags: [selectFlag] };
const ofJob = { arguments: '[job]', flags: [selectInsteadFlag] };

function read(verb: Parameters<typeof readWords>[0], ...args: readonly string[]) {
  const words = readWords(verb, args, {});
  return { args: words.args, select: words.flags.text('select') };
}

describe('the words of a command that takes jobs', () => {
  it('are a name when they are one word that may be one', () => {
    expect(read(ofJob, 'orders-2.daily_x')).toEqual({ args: ['orders-2.daily_x'], select: undefined });
    expect(read(ofJob)).toEqual({ args: [], select: undefined });
  });

  it.each(['+orders', 'orders+2', 'tag:team=ads', 'ns:marts', 'orders-*', 'a,b', 'a b'])(
    'are a selector when no job can be called so: %s',
    (word) => {
      expect(read(ofJob, word)).toEqual({ args: [], select: word });
    },
  );

  it('are a selector when they are several', () => {
    expect(read(ofJob, 'orders', 'ns:marts')).toEqual({ args: [], select: 'orders ns:marts' });
  });

  it('are a selector wherever no single job is named', () => {
    expect(read(listing, 'orders')).toEqual({ args: [], select: 'orders' });
  });

  it('are refused beside another selector', () => {
    expect(() => readWords(listing, ['+orders'], { select: 'ns:marts' })).toThrow(
      '--select is given beside "+orders"',
    );
  });

  it('stay as they are where nothing is selected', () => {
    expect(read({ arguments: '<job>', flags: [] }, '+orders')).toEqual({
      args: ['+orders'],
      select: undefined,
    });
  });
});
