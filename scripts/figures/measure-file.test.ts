import { expect, test } from 'vitest';
import { parseSource } from '../source/parse-source.ts';
import { createRepository } from '../testing/temporary-repository.ts';
import { countLines, type FileFigures, measureFile } from './measure-file.ts';

function measure(code: string): FileFigures {
  return measureFile(parseSource(createRepository({ 'a.ts': code }), 'a.ts'));
}

test('counts a file by its lines, whether or not the last one is ended', () => {
  expect(countLines('')).toBe(0);
  expect(countLines('a')).toBe(1);
  expect(countLines('a\n')).toBe(1);
  expect(countLines('a\n\n')).toBe(2);
});

test('counts functions of every form from their head to their closing brace', () => {
  const code = `function a() {
  return 1;
}
class B {
  c(): void {
    const d = () => {
      a();
    };
    d();
  }
}
`;
  expect(measure(code).functions).toEqual([
    { line: 1, lines: 3 },
    { line: 5, lines: 6 },
    { line: 6, lines: 3 },
  ]);
});

test('leaves out what has no statements: arrows of one expression, overloads, signatures', () => {
  const code = `function a(x: string): void;
function a(x: number): void;
function a(x: unknown): void {}
const b = (x: number) => x;
interface C { d(): void }
abstract class E { abstract f(): void }
`;
  expect(measure(code).functions).toEqual([{ line: 3, lines: 1 }]);
});

test('counts any where it is a type and nowhere else', () => {
  expect(measure('const any: any = [] as any[]; // any').anyCount).toBe(2);
});

test('finds each bare error and counts it among the throws', () => {
  const code = `if (x) throw new Error('no');
throw new TypeError('no');
const later = new Error('no');
`;
  expect(measure(code)).toMatchObject({ throwCount: 2, bareErrorLines: [1, 3] });
});

test('lets invariant make a bare error', () => {
  const code = "export function invariant(x: unknown): asserts x {\n  if (!x) throw new Error('bug');\n}\n";
  expect(measure(code).bareErrorLines).toEqual([]);
});

test('counts an export as documented when its doc comment stands right above', () => {
  const code = `/** A. */
export interface A {}

// B.
export class B {}

/** Of the file. */
import 'node:fs';
export const c = 1;
/** D. */

export function d(): void {}
/** Re-exports declare nothing. */
export * from './e.ts';
`;
  expect(measure(code)).toMatchObject({ exportedCount: 4, documentedCount: 2 });
});
