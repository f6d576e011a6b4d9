import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { invariant } from '@optimus/domain';

/** What a root file system is made of: paths in it → files of this machine. */
export interface RootContent {
  /** Their libraries go along. */
  readonly programs: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Packs the least that runs the programs: themselves, the libraries they are linked with, and a user `node`. */
export async function makeRootArchive(archive: string, { programs, files = {} }: RootContent): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'optimus-root-'));
  try {
    for (const folder of ['etc', 'tmp', 'opt', 'proc']) mkdirSync(join(root, folder));
    for (const [target, source] of Object.entries(programs)) copyProgram(root, { target, source });
    for (const [target, source] of Object.entries(files)) {
      cpSync(realpathSync(source), join(root, target), { recursive: true });
    }
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnode:x:1000:1001::/:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1001:\n');
    // It was made for its owner alone, and becomes the root that every user of a container passes through.
    chmodSync(root, 0o755);
    run(['tar', '--create', '--file', archive, '--directory', root, '.']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function copyProgram(
  root: string,
  { target, source }: { readonly target: string; readonly source: string },
): void {
  const libraries = run(['ldd', realpathSync(source)]).match(/\/\S+(?= \(0x)/g) ?? [];
  for (const [place, file] of [[target, source], ...libraries.map((library) => [library, library])]) {
    if (place === undefined || file === undefined) continue;
    mkdirSync(join(root, dirname(place)), { recursive: true });
    copyFileSync(realpathSync(file), join(root, place));
  }
}

function run([program = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  invariant(status === 0, `${program} ${args.join(' ')} succeeds: ${stderr}`);
  return stdout;
}
