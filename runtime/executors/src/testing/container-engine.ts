import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { invariant } from '@optimus/domain';
import { makeRootArchive } from './root-archive.ts';

/** podman with a storage, a socket and images of its own, for tests that run containers. */
export interface ContainerEngine {
  /** As `executor.docker.engine` takes it. */
  readonly address: string;
  /** What the podman command needs in its environment to use the same storage. */
  readonly env: NodeJS.ProcessEnv;
  /** Makes an image of programs of this machine, without asking any registry. */
  importImage(reference: string, image: ImportedImage): Promise<void>;
  /** Writes an image as an OCI layout: `index.json` and `blobs/sha256/`. */
  saveImage(reference: string, folder: string): Promise<void>;
  removeImage(reference: string): Promise<void>;
  /** Names of the containers that it has. */
  listContainers(): Promise<readonly string[]>;
  /** Stops listening; containers run on. */
  pause(): Promise<void>;
  /** Listens again. */
  resume(): Promise<void>;
  /** Ends its containers and removes what it left. */
  stop(): Promise<void>;
}

/** What an image is made of. */
export interface ImportedImage {
  /** Path in the image → program of this machine, which its libraries go along with. */
  readonly programs: Readonly<Record<string, string>>;
  /** Path in the image → file or folder of this machine. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of a Dockerfile: `ENTRYPOINT [...]`, `USER node`. */
  readonly changes?: readonly string[];
}

/** What differs from the usual engine. */
export interface EngineOptions {
  /** `host:port` of a registry that is asked without encryption. */
  readonly plainRegistry?: string;
}

/** An engine that has run a container, or why there is none here. */
export async function startContainerEngine({
  plainRegistry,
}: EngineOptions = {}): Promise<ContainerEngine | { readonly missing: string }> {
  if (process.platform !== 'linux') return { missing: 'Linux' };
  if (process.getuid?.() !== 0) return { missing: 'root' };
  if (spawnSync(PROGRAM, ['--version']).status !== 0) return { missing: 'podman' };
  const engine = new PodmanService(await realpath(await mkdtemp(join(tmpdir(), 'optimus-podman-'))));
  try {
    await engine.prepare(plainRegistry);
    await engine.tryContainer();
    return engine;
  } catch (thrown) {
    await engine.stop();
    return { missing: `podman that can run containers: ${String(thrown)}` };
  }
}

const PROGRAM = 'podman';

/** An engine that nobody has asked for so long has lost its test. */
const IDLE_S = 120;

// crun refuses to run where the second hierarchy of cgroups has controllers beside the first; hidden from podman alone, it does.
const PRELUDE = 'umount /sys/fs/cgroup/unified 2> /dev/null; exec "$@"';

// podman raises limits, which root without CAP_SYS_RESOURCE may not; the runtime is given a configuration without them.
const RUNTIME = `#!/bin/sh
bundle= previous=
for argument; do
  case $previous in -b | --bundle) bundle=$argument ;; esac
  previous=$argument
done
if [ -n "$bundle" ]; then
  "${process.execPath}" -e '
    const fs = require("node:fs"), file = process.argv[1] + "/config.json", config = JSON.parse(fs.readFileSync(file));
    delete config.process.rlimits;
    fs.writeFileSync(file, JSON.stringify(config));' "$bundle"
fi
exec "$(command -v crun || command -v runc)" "$@"
`;

// In place of catatonit, which not every machine with podman has: forwards the signals that are sent here, and ends as its child does.
const INIT = `#!/bin/sh
[ "$1" = -- ] && shift
"$@" <&0 &
child=$!
trap 'kill -TERM $child' TERM
trap 'kill -USR1 $child' USR1
while :; do
  wait $child 2> /dev/null
  code=$?
  kill -0 $child 2> /dev/null || exit $code
done
`;

class PodmanService implements ContainerEngine {
  readonly address: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #folder: string;
  #service: ChildProcess | undefined;
  #imports = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.address = `unix://${folder}/podman.sock`;
    this.env = {
      CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
      CONTAINERS_CONF: join(folder, 'containers.conf'),
      CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
    };
  }

  async prepare(plainRegistry: string | undefined): Promise<void> {
    const folder = this.#folder;
    await chmod(folder, 0o711);
    await writeFile(join(folder, 'runtime'), RUNTIME, { mode: 0o755 });
    await writeFile(join(folder, 'init'), INIT, { mode: 0o755 });
    const places = `graphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`;
    await writeFile(join(folder, 'storage.conf'), `[storage]\ndriver = "vfs"\n${places}`);
    await writeFile(
      join(folder, 'containers.conf'),
      `[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\ninit_path = "${folder}/init"\n` +
        `runtime = "crun"\n[engine.runtimes]\ncrun = ["${folder}/runtime"]\n`,
    );
    const plain =
      plainRegistry === undefined ? '' : `[[registry]]\nlocation = "${plainRegistry}"\ninsecure = true\n`;
    await writeFile(
      join(folder, 'registries.conf'),
      `unqualified-search-registries = ["docker.io"]\n${plain}`,
    );
    await this.resume();
  }

  async tryContainer(): Promise<void> {
    const image = 'localhost/optimus/trial:1';
    await this.importImage(image, { programs: { '/bin/sh': '/bin/sh' } });
    this.#podman(['run', '--rm', '--network', 'host', '--init', image, '/bin/sh', '-c', 'exit 0']);
  }

  async importImage(reference: string, image: ImportedImage): Promise<void> {
    const archive = join(this.#folder, `image-${++this.#imports}.tar`);
    await makeRootArchive(archive, image);
    const changes = (image.changes ?? []).flatMap((line) => ['--change', line]);
    this.#podman(['import', '--quiet', ...changes, archive, reference]);
    await rm(archive);
  }

  async saveImage(reference: string, folder: string): Promise<void> {
    this.#podman(['save', '--quiet', '--format', 'oci-dir', '--output', folder, reference]);
  }

  async removeImage(reference: string): Promise<void> {
    this.#podman(['rmi', '--force', reference]);
  }

  async listContainers(): Promise<readonly string[]> {
    const names = this.#podman(['ps', '--all', '--format', '{{.Names}}']);
    return names.split('\n').filter((name) => name !== '');
  }

  async pause(): Promise<void> {
    const service = this.#service;
    if (!service || service.exitCode !== null || service.signalCode !== null) return;
    service.kill('SIGTERM');
    await once(service, 'exit');
  }

  async resume(): Promise<void> {
    const socket = this.address.slice('unix://'.length);
    await rm(socket, { force: true });
    const [program, args] = this.#commandLine(['system', 'service', `--time=${IDLE_S}`, this.address]);
    this.#service = spawn(program, args, { env: { ...process.env, ...this.env }, stdio: 'ignore' });
    for (let waits = 0; !existsSync(socket); waits++) {
      invariant(waits < 1000 && this.#service.exitCode === null, 'podman listens');
      await delay(10);
    }
  }

  async stop(): Promise<void> {
    if (this.#service) this.#podman(['rm', '--all', '--force', '--time', '0']);
    await this.pause();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** In a view of its own of what is mounted, which ends with it. */
  #commandLine(args: readonly string[]): readonly [string, readonly string[]] {
    return ['unshare', ['--mount', '/bin/sh', '-c', PRELUDE, 'sh', PROGRAM, ...args]];
  }

  #podman(args: readonly string[]): string {
    const [program, commandLine] = this.#commandLine(args);
    const env = { ...process.env, ...this.env };
    const { status, stdout, stderr } = spawnSync(program, commandLine, { env, encoding: 'utf8' });
    invariant(status === 0, `podman ${args[0]} succeeds: ${stderr}`);
    return stdout;
  }
}
