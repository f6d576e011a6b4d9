import { expect, it } from 'vitest';
import { MessageReader, toBoundStatement, toQueryText } from './message-reader.ts';

function toMessage(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const STARTUP = toMessage('', Buffer.from('\0\x03\0\0user\0optimus\0\0'));
const QUERY = toMessage('Q', Buffer.from('COMMIT\0'));
const BIND = toMessage('B', Buffer.from('\0run_claim\0\0\0'));

it('cuts a stream into the same messages, however it arrives', () => {
  const stream = Buffer.concat([STARTUP, QUERY, BIND]);
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new MessageReader('client');
    const found = [];
    for (let at = 0; at < stream.length; at += size)
      found.push(...reader.push(stream.subarray(at, at + size)));
    expect(
      found.map(({ type }) => type),
      `in pieces of ${size}`,
    ).toEqual(['', 'Q', 'B']);
    expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(stream);
  }
});

it('tells which statement is run, and what a query says', () => {
  const [query, bind] = new MessageReader('server').push(Buffer.concat([QUERY, BIND]));
  expect(query && toQueryText(query)).toBe('COMMIT');
  expect(bind && toBoundStatement(bind)).toBe('run_claim');
});
