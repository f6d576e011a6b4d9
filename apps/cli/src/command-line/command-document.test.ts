import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../testing/list-commands.ts';

const document = await readFile(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
const sections = new Map(
  document
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`optimus ([^`<[]*?)(?: [<[].*)?`/.exec(section)?.[1] ?? '', section]),
);
// `create job` is another word order, described with `job create`.
const commands = (await listCommands()).filter(({ words }) => words !== 'create job');

it('describes every command, and no other', () => {
  expect([...sections.keys()].toSorted()).toEqual(commands.map(({ words }) => words).toSorted());
});

describe.each(commands)('optimus $words', ({ words, spec }) => {
  const section = sections.get(words) ?? '';

  it('is described with each of its flags', () => {
    const shown = spec.flags
      .filter(({ isHidden }) => !isHidden)
      .map((flag) => `| \`${flag.flags}\` | ${flag.description} |`);
    expect(section.split('\n').filter((line) => line.startsWith('| `'))).toEqual(shown);
  });

  it('is shown at work', () => {
    expect(section).toContain(`$ npx optimus ${words}`);
  });
});
