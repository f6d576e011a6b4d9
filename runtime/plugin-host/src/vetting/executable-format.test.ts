import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toPlatform } from '../discovery/platform.ts';
import { isNative, readExecutableFormat } from './executable-format.ts';

const linux = { os: 'linux', arch: 'amd64' };

function createElf(machine: number): Buffer {
  const head = Buffer.alloc(120);
  head.write('\x7fELF', 'latin1');
  head[4] = 2;
  head[5] = 1;
  head.writeUInt16LE(machine, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  return head;
}

test.each([
  [62, 'amd64', true],
  [183, 'arm64', false],
  [40, 'arm', false],
  [8, 'ELF machine 8', false],
])('ELF machine %i is %s', (machine, arch, native) => {
  const head = createElf(machine);
  const format = readExecutableFormat(head, head.byteLength);
  expect(format).toEqual({ kind: 'binary', os: 'linux', arch });
  expect(isNative(format, linux)).toBe(native);
});

test('an ELF file that ends before its program headers is truncated', () => {
  const head = createElf(62);
  expect(readExecutableFormat(head, 100)).toEqual({ kind: 'truncated' });
  expect(readExecutableFormat(head.subarray(0, 20), 20)).toEqual({ kind: 'truncated' });
});

test('knows the program that runs this test', () => {
  const { execPath } = process;
  const format = readExecutableFormat(readFileSync(execPath).subarray(0, 4096), statSync(execPath).size);
  expect(isNative(format, toPlatform(process.platform, process.arch))).toBe(true);
});

test.each([
  ['cffaedfe0c000001', 'arm64'],
  ['cffaedfe07000001', 'amd64'],
])('Mach-O %s is for darwin %s', (hex, arch) => {
  const format = readExecutableFormat(Buffer.from(hex, 'hex'), 8);
  expect(format).toEqual({ kind: 'binary', os: 'darwin', arch });
  expect(isNative(format, { os: 'darwin', arch })).toBe(true);
});

test('a universal Mach-O runs on every darwin', () => {
  const format = readExecutableFormat(Buffer.from('cafebabe00000002', 'hex'), 8);
  expect(isNative(format, { os: 'darwin', arch: 'arm64' })).toBe(true);
  expect(isNative(format, linux)).toBe(false);
});

test('a Windows program is for windows', () => {
  const head = Buffer.alloc(128);
  head.write('MZ', 'latin1');
  head.writeUInt32LE(64, 60);
  head.write('PE\0\0', 64, 'latin1');
  head.writeUInt16LE(0x8664, 68);
  expect(readExecutableFormat(head, 128)).toEqual({ kind: 'binary', os: 'windows', arch: 'amd64' });
});

test.each([
  ['#!/usr/bin/env node\nx', '/usr/bin/env'],
  ['#! /bin/sh -e\n', '/bin/sh'],
  ['#!/bin/sh\r\n', '/bin/sh\r'],
])('the interpreter of %j is %j', (text, interpreter) => {
  expect(readExecutableFormat(Buffer.from(text), text.length)).toEqual({ kind: 'script', interpreter });
});

test.each(['', 'echo hello, this is text', 'x'])('%j is no program', (text) => {
  const format = readExecutableFormat(Buffer.from(text), text.length);
  expect(isNative(format, linux)).toBe(false);
});
