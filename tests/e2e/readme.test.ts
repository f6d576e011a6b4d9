import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from './documents/document-session.ts';
import { findUntrueLine } from './documents/match-output.ts';
import { parseConsoleBlocks, type ShownCommand } from './documents/parse-console-blocks.ts';
import { checkout } from './stage/stage-folder.ts';

/** Every document whose console blocks are a session that a reader can follow from a fresh clone. */
const documents = ['README.md', 'examples/neo/README.md', ...(await listDocs())];

/** Checks each command as it goes; what it answers is the first thing that is not true. */
async function findUntruth(commands: readonly ShownCommand[]): Promise<string | undefined> {
  const session = await openSession();
  try {
    for (const shown of commands) {
      const { code, stdout: real } = await session.type(shown.command);
      const where = `line ${shown.line}: $ ${shown.command}`;
      if (code !== 0) return `${where}\nended with ${code}:\n${real}`;
      const untrue = findUntrueLine(shown.output, real);
      if (untrue !== undefined) return `${where}\ndoes not print: ${untrue}\nbut:\n${real}`;
    }
    return undefined;
  } finally {
    await session.end();
  }
}

const sessions = await Promise.all(documents.map(readSession));

describe.each(sessions.filter(({ commands }) => commands.length > 0))('$document', ({ commands }) => {
  it('shows commands that work and what they print', { timeout: 300_000 }, async () => {
    expect(await findUntruth(commands)).toBeUndefined();
  });
});

async function readSession(document: string) {
  const markdown = await readFile(path.join(checkout, document), 'utf8');
  return { document, commands: parseConsoleBlocks(markdown) };
}

async function listDocs(): Promise<readonly string[]> {
  const names = await readdir(path.join(checkout, 'docs'), { recursive: true });
  return names.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name));
}
