import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from '../../e2e/stage/server-process.ts';
import { optimusCommand, toStageEnv } from '../../e2e/stage/stage-folder.ts';
import { WITNESS_IMAGE } from '../lake/lake.ts';
import type { DatabaseProxy } from '../proxy/database-proxy.ts';

const CLOCK = new URL('./shift-clock.mjs', import.meta.url).href;
const WITNESS = fileURLToPath(new URL('../lake/witness.sh', import.meta.url));
/** Attempts that a server runs at once. */
export const MAX_RUNNING = 6;

/** Servers that run: none outlives this process, however it ends. */
const running = new Set<ServerProcess>();
process.on('exit', () => {
  for (const { pid } of running) process.kill(pid, 'SIGKILL');
});

/** What a server of a seed is made of. */
export interface ChaosServerOptions {
  /** Its data directory. */
  readonly home: string;
  /** Folder of the whole seed. */
  readonly folder: string;
  readonly plugins: string;
  readonly proxy: DatabaseProxy;
  readonly database: string;
}

/** `optimus serve` on a data directory of its own, which is killed, stopped and started again. */
export class ChaosServer {
  readonly home: string;
  readonly proxy: DatabaseProxy;
  readonly #options: ChaosServerOptions;
  #process: ServerProcess | undefined;
  #output = '';
  #clockMs = 0;

  constructor(options: ChaosServerOptions) {
    this.#options = options;
    this.home = options.home;
    this.proxy = options.proxy;
  }

  get isUp(): boolean {
    return this.#process !== undefined;
  }

  /** `host:port`; undefined while it is down. */
  get address(): string | undefined {
    return this.#process?.address;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** As the database calls this host; undefined before its first start. */
  get hostId(): string | undefined {
    try {
      return readFileSync(path.join(this.home, 'host_id'), 'utf8').trim();
    } catch {
      return undefined;
    }
  }

  /** Everything that it said in all its lives. */
  get output(): string {
    return this.#output + (this.#process?.output() ?? '');
  }

  /** Starts it, again and again while the database is away. */
  async start(): Promise<void> {
    if (this.#process) return;
    await this.#configure();
    for (let tries = 1; ; tries += 1) {
      try {
        this.#process = await this.#spawn();
        return;
      } catch (thrown) {
        if (tries === 10) throw thrown;
        await delay(500);
      }
    }
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to stop, and answers its exit code, or the signal that ended it; undefined when it was down. */
  async stop(): Promise<number | NodeJS.Signals | undefined> {
    return await this.#end('SIGTERM');
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#process) process.kill(this.#process.pid, signal);
  }

  /** Sets its clock so far off, also for its lives to come. */
  async shiftClock(ms: number): Promise<void> {
    this.#clockMs = ms;
    await writeFile(this.#clockFile, String(ms));
    this.signal('SIGUSR2');
  }

  get #clockFile(): string {
    return path.join(this.#options.folder, `${path.basename(this.home)}.clock`);
  }

  async #spawn(): Promise<ServerProcess> {
    const { folder, home } = this.#options;
    const env = { NODE_OPTIONS: `--import=${CLOCK}`, CHAOS_CLOCK_FILE: this.#clockFile };
    await writeFile(this.#clockFile, String(this.#clockMs));
    const started = await startServerProcess({
      command: [...optimusCommand, 'serve', '--config', `${home}.yaml`],
      cwd: folder,
      env: toStageEnv(folder, env),
      dataDir: home,
    });
    running.add(started);
    return started;
  }

  async #end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | undefined> {
    const ended = this.#process;
    this.#process = undefined;
    const how = await ended?.end(signal);
    if (ended) running.delete(ended);
    this.#output += ended?.output() ?? '';
    return how;
  }

  async #configure(): Promise<void> {
    const { home, plugins, proxy, database } = this.#options;
    await mkdir(home, { recursive: true });
    const dsn = `postgres://optimus@127.0.0.1:${proxy.port}/${database}`;
    const config = {
      serve: { port: 0, data_dir: home, app_key: 'a key of thirty-two characters or more', db: { dsn } },
      plugin: { dirs: [plugins] },
      executor: {
        process: {
          images: { [WITNESS_IMAGE]: ['/bin/sh', WITNESS] },
          max_running: MAX_RUNNING,
          max_log_bytes: 64 * 1024,
        },
      },
    };
    await writeFile(`${home}.yaml`, JSON.stringify(config));
  }
}
