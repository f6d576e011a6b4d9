import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNamedPaths } from './documents/find-named-paths.ts';
import { checkout } from './stage/stage-folder.ts';

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'GLOSSARY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...(await listDocs()),
];
const topNames = (await readdir(checkout)).filter((name) => !['node_modules', '.git'].includes(name));

describe.each(documents)('%s', (document) => {
  it('names no path that does not exist', async () => {
    const markdown = await readFile(path.join(checkout, document), 'utf8');
    const missing = findNamedPaths(markdown, topNames).filter((named) => !exists(document, named));
    expect(missing).toEqual([]);
  });
});

/** A link starts at its document, a code span at the root. */
function exists(document: string, named: string): boolean {
  const fromDocument = path.join(checkout, path.dirname(document), named);
  return existsSync(fromDocument) || existsSync(path.join(checkout, named));
}

async function listDocs(): Promise<readonly string[]> {
  const names = await readdir(path.join(checkout, 'docs'), { recursive: true });
  return names.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name));
}
