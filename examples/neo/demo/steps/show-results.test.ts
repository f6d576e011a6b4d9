import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { findDemoHome } from '../demo-home.ts';
import { createTerminal } from '../terminal.ts';
import { showWhereNext } from './show-results.ts';

function readWhereNext(keep: boolean): string {
  let shown = '';
  const sink = new Writable({
    write(piece, _, done) {
      shown += String(piece);
      done();
    },
  });
  const terminal = createTerminal(Object.assign(sink, { isTTY: false }) as unknown as NodeJS.WriteStream);
  showWhereNext(terminal, findDemoHome({}), { keep });
  return shown;
}

it('advises to keep the server up only where it was not kept', () => {
  expect(readWhereNext(false)).toContain('npm run demo -- --keep');
  expect(readWhereNext(true)).not.toContain('--keep');
});

it('leads to the folder where commands find a kept server', () => {
  expect(readWhereNext(true)).toMatch(/^ {2}cd \S*repository +where/m);
});
