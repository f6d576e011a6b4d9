import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Ended, runCommand } from '../../e2e/stage/run-command.ts';
import {
  makeStageFolder,
  optimusCommand,
  removeStageFolder,
  toStageEnv,
} from '../../e2e/stage/stage-folder.ts';
import { type LakeState, PROJECT, writeLake, writePlugins } from '../lake/lake.ts';
import { DatabaseProxy } from '../proxy/database-proxy.ts';
import { ChaosServer } from './chaos-server.ts';
import type { Cluster } from './cluster.ts';
import { CutOffs } from './cut-offs.ts';

const CALL_TIMEOUT_MS = 5_000;
const SMALL_DISK = '48m';
const NOT_RUN = { code: null };

/** Everything of one seed: a database, the servers on it, a lake of jobs, and what is noted of them. */
export class ChaosStage {
  readonly folder: string;
  readonly cluster: Cluster;
  /** Name of the seed's database. */
  readonly database: string;
  readonly servers: readonly ChaosServer[];
  readonly cutOffs = new CutOffs();
  /** Bytes that do not fit on the disk of a server's logs make its output incomplete: the homes of such servers. */
  readonly fullDisks = new Set<string>();
  /** Homes of servers whose runs lie on a file system that can be filled. */
  readonly smallDisks = new Set<string>();
  readonly startDate = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  #mark = 0;

  private constructor(parts: Pick<ChaosStage, 'folder' | 'cluster' | 'database' | 'servers'>) {
    this.folder = parts.folder;
    this.cluster = parts.cluster;
    this.database = parts.database;
    this.servers = parts.servers;
  }

  /** Sets the stage; no server runs yet. */
  static async set(cluster: Cluster, database: string, serverCount: number): Promise<ChaosStage> {
    const folder = await makeStageFolder();
    await cluster.query('postgres', `CREATE DATABASE ${database}`);
    const plugins = path.join(folder, 'plugins');
    await writePlugins(plugins);
    const servers: ChaosServer[] = [];
    for (let index = 1; index <= serverCount; index += 1) {
      const proxy = await DatabaseProxy.start(cluster.socket);
      servers.push(
        new ChaosServer({ home: path.join(folder, `server-${index}`), folder, plugins, proxy, database }),
      );
    }
    return new ChaosStage({ folder, cluster, database, servers });
  }

  get witness(): string {
    return path.join(this.folder, 'witness');
  }

  /** Puts the runs of a server that was not started yet on a file system of limited size, where this system has such. */
  async giveSmallDisk({ home }: ChaosServer): Promise<void> {
    const runs = path.join(home, 'runs');
    await mkdir(runs, { recursive: true });
    const options = ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', runs];
    const { code } = await runCommand(['mount', ...options], { cwd: this.folder, env: process.env }).catch(
      () => NOT_RUN,
    );
    if (code === 0) this.smallDisks.add(home);
  }

  /** Starts a server that is down; it counts as cut off until it is ready. */
  async start(server: ChaosServer): Promise<void> {
    await server.start();
    this.cutOffs.end(server.home);
  }

  /** Kills a server; from now on it is cut off. */
  async kill(server: ChaosServer): Promise<void> {
    this.cutOffs.begin(server.home);
    await server.kill();
  }

  /** Deploys the lake through any server that lives, again until that succeeds or time is up. */
  async deploy(schedule: LakeState['schedule'], tries = 5): Promise<Ended> {
    const { startDate, witness } = this;
    this.#mark += 1;
    for (let left = tries; ; left -= 1) {
      await writeLake(this.#repository, this.#address, { mark: this.#mark, schedule, startDate, witness });
      const ended = await this.optimus(['deploy', '--force']);
      if (ended.code === 0 || left <= 1) return ended;
    }
  }

  /** Runs the command in the client's project, against any server that lives: their ports change with each start. */
  optimus(args: readonly string[]): Promise<Ended> {
    const env = toStageEnv(this.folder, {
      NO_COLOR: '1',
      OPTIMUS_PLUGIN_DIRS: path.join(this.folder, 'plugins'),
    });
    return runCommand([...optimusCommand, ...args, '--host', this.#address], { cwd: this.#repository, env });
  }

  /** Calls a server's REST API about a job of the lake; false when it refused, or nobody answered. */
  async call(job: string, action: string, body: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
    const url = `http://${this.#address}/api/v1/project/${PROJECT}/job/${job}/${action}`;
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return await fetch(url, { ...request, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Asks the database of the seed, past everything that stands between it and the servers. */
  query<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.cluster.query<Row>(this.database, sql, values);
  }

  /** Makes the folder of the client's project, and the tenants. @throws Error with what the command said */
  async prepare(): Promise<void> {
    await mkdir(this.#repository, { recursive: true });
    await writeLake(this.#repository, this.#address, {
      mark: 0,
      schedule: 'new',
      startDate: this.startDate,
      witness: this.witness,
    });
    const { code, stderr } = await this.optimus(['project', 'register', '--with-namespaces']);
    if (code !== 0) throw new Error(`the lake could not be registered:\n${stderr}`);
  }

  /** Ends whatever still runs, and removes everything; or keeps the folder, with what the servers said. */
  async clear(keepsFolder = false): Promise<void> {
    for (const server of this.servers) {
      server.signal('SIGCONT');
      await server.kill();
      await server.proxy.close();
    }
    for (const home of this.smallDisks) {
      await runCommand(['umount', '-l', path.join(home, 'runs')], { cwd: '/', env: process.env });
    }
    for (const { home, output } of this.servers) {
      if (keepsFolder) await writeFile(`${home}.log`, output);
    }
    await this.cluster.query('postgres', `DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`);
    if (!keepsFolder) await removeStageFolder(this.folder);
  }

  /** Of a server that lives; while none does, one at which nobody answers. */
  get #address(): string {
    return this.servers.find(({ isUp }) => isUp)?.address ?? '127.0.0.1:1';
  }

  get #repository(): string {
    return path.join(this.folder, 'repository');
  }
}
