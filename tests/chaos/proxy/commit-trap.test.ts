import { expect, it } from 'vitest';
import { ConnectionWatch, type Moment } from './commit-trap.ts';
import { MessageReader, type WireMessage } from './message-reader.ts';

function make(type: string, body = ''): WireMessage {
  const bytes = Buffer.concat([Buffer.from(type), Buffer.alloc(4), Buffer.from(body)]);
  bytes.writeUInt32BE(bytes.length - 1, 1);
  const [message] = new MessageReader('server').push(bytes);
  if (!message) throw new Error('the message is whole');
  return message;
}

const READY = make('Z', 'I');
const SYNC = make('S');
const bind = (statement: string) => make('B', `\0${statement}\0`);
const query = (text: string) => make('Q', `${text}\0`);

/** What one side says, in order: `>` the server, `<` the database. Answers the index of the message that is held back. */
function findTrapped(
  statement: string,
  moment: Moment,
  talk: readonly (readonly ['>' | '<', WireMessage])[],
): number {
  const watch = new ConnectionWatch({ statement, moment, passing: 1 }, () => true);
  return talk.findIndex(([side, message]) => (side === '>' ? watch.sees(message) : watch.hears(message)));
}

const STEP = [
  ['>', query('BEGIN; SET LOCAL x = 1')],
  ['<', READY],
  ['>', bind('run_end_attempt')],
  ['>', SYNC],
  ['<', make('D', 'row')],
  ['<', READY],
  ['>', query('COMMIT')],
  ['<', READY],
] as const;

it.each([
  ['before', 2],
  ['unsent', 6],
  ['unanswered', 7],
] as const)('finds the point %s the commit of a transaction', (moment, index) => {
  expect(findTrapped('run_end_attempt', moment, STEP)).toBe(index);
  expect(findTrapped('run_claim', moment, STEP)).toBe(-1);
});

it('finds the points of a statement that is a transaction of its own', () => {
  const talk = [
    ['>', bind('run_mark_running')],
    ['>', SYNC],
    ['<', READY],
  ] as const;
  expect(
    (['before', 'unsent', 'unanswered'] as const).map((moment) =>
      findTrapped('run_mark_running', moment, talk),
    ),
  ).toEqual([0, 1, 2]);
});

it('counts no claim that found nothing, and no transaction that was rolled back', () => {
  const claim = (row: string) =>
    [
      ['>', query('BEGIN')],
      ['>', bind('run_claim')],
      ['<', make('D', row)],
      ['<', READY],
      ['>', query('COMMIT')],
      ['<', READY],
    ] as const;
  expect(findTrapped('run_claim', 'unanswered', claim('nothing'))).toBe(-1);
  expect(findTrapped('run_claim', 'unanswered', claim('x'.repeat(300)))).toBe(5);
  const back = [
    ['>', query('BEGIN')],
    ['>', bind('run_end_attempt')],
    ['>', query('ROLLBACK')],
    ['<', READY],
  ] as const;
  expect(findTrapped('run_end_attempt', 'unanswered', back)).toBe(-1);
});
