import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isSelfContained } from './self-contained.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'self-contained-'));
const file = path.join(folder, 'program');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a program for the machine', '\x7fELF…', true],
  ['a script that says so', '#!/usr/bin/env node\n// optimus: self-contained\n1\n', true],
  ['a script in another language that says so', '#!/usr/bin/python3\n# optimus: self-contained\n', true],
  ['a script', '#!/bin/sh\nexec python3 main.py\n', false],
  ['a script that says it in passing', '#!/bin/sh\necho "// optimus: self-contained"\n', false],
  ['a script that says it too late', `#!/bin/sh\n${'#'.repeat(4096)}\n# optimus: self-contained\n`, false],
])('%s', (_, content, expected) => {
  writeFileSync(file, content);
  expect(isSelfContained(file)).toBe(expected);
});
