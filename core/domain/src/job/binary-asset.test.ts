import { expect, it } from 'vitest';
import {
  countAssetBytes,
  fromSentAssets,
  isBinaryAsset,
  splitAssets,
  toAssetBytes,
  toBinaryAsset,
  toSentAssets,
} from './binary-asset.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

it('gives back every byte of a file that is no text', () => {
  const content = toBinaryAsset(bytes);
  expect(isBinaryAsset(content)).toBe(true);
  expect(Uint8Array.from(toAssetBytes(content))).toEqual(bytes);
});

it('takes text for what it is, whatever it looks like', () => {
  for (const text of ['', 'base64,AAAA', 'sélect 1 🌍']) {
    expect(isBinaryAsset(text)).toBe(false);
    expect(toAssetBytes(text).toString('utf8')).toBe(text);
  }
});

it('counts the bytes of both', () => {
  for (const size of [0, 1, 2, 3, 256]) {
    expect(countAssetBytes(toBinaryAsset(bytes.subarray(0, size)))).toBe(size);
  }
  expect(countAssetBytes('é')).toBe(2);
});

it('parts texts from binaries, and keeps a map of texts alone as it is', () => {
  const texts = { 'q.sql': 'select 1' };
  const logo = toBinaryAsset(bytes);
  expect(splitAssets({ ...texts, 'logo.png': logo })).toEqual({ texts, binaries: { 'logo.png': logo } });
  expect(splitAssets(texts).texts).toBe(texts);
});

it('travel in two maps and come back the same', () => {
  const assets = { 'q.sql': 'select 1', 'logo.png': toBinaryAsset(bytes) };
  const sent = toSentAssets(assets);
  expect(sent).toEqual({ texts: { 'q.sql': 'select 1' }, binaries: { 'logo.png': bytes } });
  expect(fromSentAssets(sent.texts, sent.binaries)).toEqual(assets);
});
