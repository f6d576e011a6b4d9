import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { type Ended, runCommand } from './run-command.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { checkout, makeStageFolder, optimusCommand, removeStageFolder, toStageEnv } from './stage-folder.ts';

/** A place of its own for one journey: a server, a client's project, and whatever they leave. */
export interface Stage {
  readonly folder: string;
  readonly dataDir: string;
  /** The client's project. */
  readonly repository: string;
  /** The port that every server of this stage listens on, so that a restart does not move it. */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  /** Writes the server's configuration; what is given is laid over the defaults of a stage. */
  configure(config: ServerSettings): Promise<void>;
  startServer(env?: NodeJS.ProcessEnv): Promise<ServerProcess>;
  /** Runs the CLI in the client's project. */
  optimus(args: readonly string[], options?: CliOptions): Promise<Ended>;
  /** Ends what still runs and removes the folder. */
  clear(): Promise<void>;
}

/** What differs between the servers of the journeys. */
export interface ServerSettings {
  readonly serve?: Readonly<Record<string, unknown>>;
  readonly executor?: Readonly<Record<string, unknown>>;
  readonly maxRunning?: number;
  /** Command line for the image of the neo task. */
  readonly neoCommand?: readonly string[];
  /** Command lines for other images. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
}

interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly cwd?: string;
}

const pluginFolder = path.join(checkout, 'plugins/neo/dist');

export async function setStage(): Promise<Stage> {
  const folder = await makeStageFolder();
  const paths = { dataDir: path.join(folder, 'server'), repository: path.join(folder, 'repository') };
  const env = toStageEnv(folder);
  const port = await findFreePort();
  const servers: ServerProcess[] = [];
  await mkdir(paths.repository);
  return {
    ...paths,
    folder,
    port,
    env,
    configure: (settings) => writeConfig({ ...paths, folder, port }, settings),
    async startServer(extra = {}) {
      const server = await startServerProcess({
        command: [...optimusCommand, 'serve', '--config', path.join(folder, 'config.yaml')],
        cwd: folder,
        env: { ...env, ...extra },
        dataDir: paths.dataDir,
      });
      servers.push(server);
      return server;
    },
    optimus: (args, { env: extra, cwd = paths.repository, input } = {}) =>
      runCommand([...optimusCommand, ...args], {
        cwd,
        env: { ...env, NO_COLOR: '1', OPTIMUS_PLUGIN_DIRS: pluginFolder, ...extra },
        ...(input === undefined ? {} : { input }),
      }),
    async clear() {
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      await removeStageFolder(folder);
    },
  };
}

/** The task's command line with the feed's address: a task sees nothing of the server's environment. */
export function toNeoCommand(feedUrl: string): readonly string[] {
  const program = path.join(checkout, 'plugins/neo/executor/main.mjs');
  return ['/usr/bin/env', `NEO_API_HOST=${feedUrl}`, process.execPath, program];
}

async function writeConfig(
  { folder, dataDir, port }: { readonly folder: string; readonly dataDir: string; readonly port: number },
  { serve = {}, executor = {}, maxRunning = 4, neoCommand = ['/bin/false'], images = {} }: ServerSettings,
): Promise<void> {
  const config = {
    serve: { port, data_dir: dataDir, ...serve },
    plugin: { dirs: [pluginFolder] },
    executor: {
      process: { images: { 'optimus-task-neo-executor': neoCommand, ...images }, max_running: maxRunning },
      ...executor,
    },
  };
  await writeFile(path.join(folder, 'config.yaml'), JSON.stringify(config));
}

/** Of this process's stages: a port that was let go may be given again at once. */
const taken = new Set<number>();

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  if (taken.has(port)) return findFreePort();
  taken.add(port);
  return port;
}
