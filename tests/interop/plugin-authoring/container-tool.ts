import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { checkout, makeStageFolder } from '../../e2e/stage/stage-folder.ts';

/**
 * podman with a storage of its own. It builds within a changed root rather than in containers, which works as root on machines that
 * let nobody make cgroups, and its images are run the same way.
 */
export interface ContainerTool {
  /** What a command needs in its environment to use the same storage. */
  readonly env: NodeJS.ProcessEnv;
  /** Makes a base image of this machine's shell and Node: no registry is asked. */
  importNodeImage(reference: string): void;
  /** The folder with the files of an image. */
  mount(reference: string): string;
  /** A value of an image's configuration, by a Go template. */
  inspect(reference: string, format: string): string;
  clear(): Promise<void>;
}

/** The tool, or why there is none. */
export type FoundContainerTool =
  | { readonly make: () => Promise<ContainerTool> }
  | { readonly missing: string };

export function findContainerTool(): FoundContainerTool {
  if (process.platform !== 'linux') return { missing: 'Linux' };
  if (process.getuid?.() !== 0) return { missing: 'root, to run an image without a container' };
  if (run(['podman', '--version'], process.env).status !== 0) return { missing: 'podman' };
  return { make: makeTool };
}

async function makeTool(): Promise<ContainerTool> {
  const folder = await makeStageFolder();
  const settings = path.join(folder, 'storage.conf');
  const places = `graphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`;
  writeFileSync(settings, `[storage]\ndriver = "vfs"\n${places}`);
  const env = { CONTAINERS_STORAGE_CONF: settings, BUILDAH_ISOLATION: 'chroot' };
  const podman = (args: readonly string[]) => mustRun(['podman', ...args], { ...process.env, ...env });
  return {
    env,
    importNodeImage(reference) {
      const root = makeRoot(path.join(folder, 'base'));
      const archive = path.join(folder, 'base.tar');
      mustRun(['tar', '--create', '--file', archive, '--directory', root, '.'], process.env);
      podman(['import', '--quiet', archive, reference]);
    },
    mount: (reference) => podman(['image', 'mount', reference]),
    inspect: (reference, format) => podman(['image', 'inspect', '--format', format, reference]),
    async clear() {
      podman(['image', 'umount', '--all', '--force']);
      // podman leaves its storage mounted onto itself.
      for (const storage of ['graph/overlay', 'graph'])
        run(['umount', path.join(folder, storage)], process.env);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The least that runs a script and Node: both, and the libraries that they are linked with. */
function makeRoot(root: string): string {
  for (const folder of ['bin', 'usr/bin', 'etc', 'tmp', 'opt'])
    mkdirSync(path.join(root, folder), { recursive: true });
  const programs = { '/bin/sh': 'bin/sh', '/bin/chmod': 'bin/chmod', [process.execPath]: 'usr/bin/node' };
  for (const [source, target] of Object.entries(programs)) {
    copyFileSync(realpathSync(source), path.join(root, target));
    for (const library of listLibraries(source)) {
      mkdirSync(path.join(root, path.dirname(library)), { recursive: true });
      copyFileSync(library, path.join(root, library));
    }
  }
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n');
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  return root;
}

function listLibraries(program: string): readonly string[] {
  return mustRun(['ldd', realpathSync(program)], process.env).match(/\/\S+(?= \(0x)/g) ?? [];
}

function mustRun(command: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = run(command, env);
  if (status === 0) return stdout.trim();
  throw new Error(`${command.join(' ')} failed: ${error?.message ?? stderr}`);
}

function run([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
  return spawnSync(program, args, { cwd: checkout, env, encoding: 'utf8' });
}
