import { expect, it } from 'vitest';
import { FrameReader } from './container-output.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const bytes = Buffer.concat([frame(1, 'out\n'), frame(2, ''), frame(2, 'err'), frame(1, 'grüß')]);

it.each([1, 3, 8, 11, 1000])('takes output from its frames, %i bytes at a time', (size) => {
  const reader = new FrameReader();
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(...reader.read(bytes.subarray(at, at + size)));
  expect(Buffer.concat(pieces).toString()).toBe('out\nerrgrüß');
});
