import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toTyped } from './optimus-cli.ts';

describe('a command line as typed', () => {
  it('quotes what a shell would change and nothing else', () => {
    expect(
      toTyped(['optimus', 'job', 'create', '--interval', '0 2 * * *', '--answer', 'Start={{.DSTART}}']),
    ).toBe("optimus job create --interval '0 2 * * *' --answer 'Start={{.DSTART}}'");
  });

  it.each([[['"DEMO_KEY"']], [["it's", '$HOME', '`id`']], [['', '*', 'ü']]])(
    'reads back in a shell as the same words: %j',
    (words) => {
      const script = `node -p 'JSON.stringify(process.argv.slice(1))' -- ${toTyped(words)}`;
      expect(JSON.parse(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }))).toEqual(words);
    },
  );
});
