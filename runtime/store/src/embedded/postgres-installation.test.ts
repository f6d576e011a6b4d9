import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { getBundledPostgres, prepareInstallation } from './postgres-installation.ts';
import { makeOpenFolder } from './testing/temporary-folder.ts';

const NOBODY = { uid: 65534, gid: 65534 };

let folder: string;

beforeEach(() => {
  folder = makeOpenFolder();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package as npm unpacks it with install scripts off: without its symbolic links. */
function unpackWithoutLinks(parent: string): string {
  const bundled = join(getBundledPostgres(), '..');
  cpSync(bundled, parent, {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink() && !path.endsWith('.a'),
  });
  return join(parent, 'native');
}

function versionOf(program: string, account = {}): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8', ...account });
}

it('uses the bundled programs where they are', () => {
  const native = getBundledPostgres();
  const installation = prepareInstallation({ native, owner: undefined, copies: folder });
  expect(installation.postgres).toBe(join(native, 'bin', 'postgres'));
  expect(readdirSync(folder)).toEqual([]);
});

it('makes the library links that the package manager left out', () => {
  const native = unpackWithoutLinks(join(folder, 'package'));
  const { postgres } = prepareInstallation({ native, owner: undefined, copies: folder });
  expect(versionOf(postgres)).toContain('PostgreSQL');
  expect(
    readdirSync(join(native, 'lib')).filter(
      (name) => !/\.\d+\.\d+$/.test(name) && /\.so\.\d+\.[a-z]/.test(name),
    ),
  ).toEqual([]);
});

it.runIf(process.geteuid?.() === 0)('copies the programs to where the account can run them', () => {
  const hidden = join(folder, 'hidden');
  mkdirSync(hidden, { mode: 0o700 });
  const native = unpackWithoutLinks(join(hidden, 'package'));
  const copies = join(folder, 'copies');
  const place = { native, owner: NOBODY, copies };
  const { postgres } = prepareInstallation(place);
  expect(versionOf(postgres, NOBODY)).toContain('PostgreSQL');
  expect(prepareInstallation(place).postgres).toBe(postgres);
  expect(readdirSync(copies)).toHaveLength(1);
  expect(existsSync(join(native, 'lib', 'libpq.so.5'))).toBe(false);
});
