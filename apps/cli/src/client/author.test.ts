import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { findAuthor, toAuthorHeader } from './author.ts';

async function makeClone(user: Readonly<Record<string, string>> = {}) {
  const cwd = await createTemporaryFolder();
  // The settings of whoever runs the tests are not to count.
  const clean = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd, env: clean });
  git('init', '-q');
  for (const [key, value] of Object.entries(user)) git('config', `user.${key}`, value);
  return (flags: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) =>
    findAuthor({ flags: new Flags(flags), terminal: { ...captureTerminal(cwd), env: { ...clean, ...env } } });
}

const ADA = { name: 'Ada Löw', email: 'ada@example.io' };

it('is who commits in this repository', async () => {
  const find = await makeClone(ADA);
  expect(await find()).toBe('Ada Löw <ada@example.io>');
});

it('is what OPTIMUS_AUTHOR says before git, and --author before both', async () => {
  const find = await makeClone(ADA);
  expect(await find({}, { OPTIMUS_AUTHOR: 'ci' })).toBe('ci');
  expect(await find({ author: 'Eve' }, { OPTIMUS_AUTHOR: 'ci' })).toBe('Eve');
});

it('is what there is of name and address', async () => {
  expect(await (await makeClone({ email: 'ada@example.io' }))()).toBe('<ada@example.io>');
  expect(await (await makeClone({ name: 'Ada' }))()).toBe('Ada');
});

it('is nobody where git knows nobody, or there is no git', async () => {
  expect(await (await makeClone())()).toBeUndefined();
  expect(await (await makeClone(ADA))({}, { PATH: '/nowhere' })).toBeUndefined();
});

it('refuses an empty --author', async () => {
  const find = await makeClone(ADA);
  await expect(find({ author: ' ' })).rejects.toThrow('--author is empty');
});

it('is encoded so that a header carries it and it comes back as it was', () => {
  const header = toAuthorHeader('Ada Löw 100% \u{1F680}\n');
  expect(header).toMatch(/^[ -~]*$/);
  expect(decodeURIComponent(header)).toBe('Ada Löw 100% \u{1F680}\n');
});
