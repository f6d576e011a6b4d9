import { expect, test } from 'vitest';
import { type OutputChunk, OutputRelay, type OutputSink } from './output-relay.ts';

function toChunk(text: string): OutputChunk {
  return { channel: 'stdout', data: Buffer.from(text) };
}

/** Keeps what it is given; asks for a pause after each chunk when `slow`. */
function createSink({ slow }: { readonly slow: boolean }) {
  const texts: string[] = [];
  let ended = false;
  const sink: OutputSink = {
    write(chunk) {
      texts.push(Buffer.from(chunk.data).toString());
      return !slow;
    },
    end() {
      ended = true;
    },
  };
  return { sink, texts, isEnded: () => ended };
}

test('hands over what was printed before the reader came, in order', () => {
  const relay = new OutputRelay();
  relay.push(toChunk('a'));
  relay.push(toChunk('b'));
  const reader = createSink({ slow: false });
  relay.attach(reader.sink);
  relay.push(toChunk('c'));
  expect(reader.texts).toEqual(['a', 'b', 'c']);
});

test('drops the oldest when nobody reads, and counts what is lost', () => {
  const relay = new OutputRelay(4);
  for (const text of ['aa', 'bb', 'cc']) relay.push(toChunk(text));
  const reader = createSink({ slow: false });
  relay.attach(reader.sink);
  expect(reader.texts).toEqual(['bb', 'cc']);
  expect(relay.droppedBytes).toBe(2);
});

test('waits for a slow reader to ask for more', () => {
  const relay = new OutputRelay();
  const reader = createSink({ slow: true });
  relay.attach(reader.sink);
  for (const text of ['a', 'b']) relay.push(toChunk(text));
  expect(reader.texts).toEqual(['a']);
  relay.resume();
  expect(reader.texts).toEqual(['a', 'b']);
});

test('a second reader replaces the first, which is ended', () => {
  const relay = new OutputRelay();
  const first = createSink({ slow: false });
  const second = createSink({ slow: false });
  relay.attach(first.sink);
  relay.attach(second.sink);
  relay.push(toChunk('a'));
  expect(first.isEnded()).toBe(true);
  expect([first.texts, second.texts]).toEqual([[], ['a']]);
});

test('keeps printing after the reader is gone', () => {
  const relay = new OutputRelay();
  const reader = createSink({ slow: false });
  relay.attach(reader.sink);
  relay.detach(reader.sink);
  relay.push(toChunk('a'));
  expect(reader.texts).toEqual([]);
  expect(relay.droppedBytes).toBe(0);
});

test('ends the stream of a reader that comes after the end, once it has all', () => {
  const relay = new OutputRelay();
  relay.push(toChunk('last words'));
  relay.end();
  const reader = createSink({ slow: false });
  relay.attach(reader.sink);
  expect(reader.texts).toEqual(['last words']);
  expect(reader.isEnded()).toBe(true);
});
