import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { queryDatabase } from '../../tests/e2e/stage/query-database.ts';
import type { ServerProcess } from '../../tests/e2e/stage/server-process.ts';
import { type Stage, setStage } from '../../tests/e2e/stage/stage.ts';
import { optimusCommand } from '../../tests/e2e/stage/stage-folder.ts';
import { TENANTS } from '../repository/lake.ts';
import { PLUGIN_FILE } from '../repository/lake-specs.ts';
import { writeRepository } from '../repository/write-repository.ts';
import { measureCommand, type Usage } from './measure-command.ts';

const bareDeploy = fileURLToPath(new URL('bare-deploy.mjs', import.meta.url));

/** A server without jobs, and a repository that is not deployed yet. */
export class LakeStage implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #server: ServerProcess;
  readonly #jobFolders: readonly string[];

  private constructor(stage: Stage, server: ServerProcess, jobFolders: readonly string[]) {
    this.#stage = stage;
    this.#server = server;
    this.#jobFolders = jobFolders;
  }

  get serverPid(): number {
    return this.#server.pid;
  }

  static async set(jobs: number): Promise<LakeStage> {
    const stage = await setStage();
    const plugins = path.join(stage.folder, 'plugins');
    await mkdir(plugins);
    await writeFile(path.join(plugins, PLUGIN_FILE.name), PLUGIN_FILE.text);
    await stage.configure({});
    const server = await stage.startServer({ OPTIMUS_PLUGIN_DIRS: plugins });
    const host = server.address;
    const jobFolders = await writeRepository(stage.repository, { jobs, seed: 1, host });
    return new LakeStage(stage, server, jobFolders);
  }

  /** Runs the command in the repository. */
  optimus(...args: readonly string[]): Promise<Usage> {
    const { repository: cwd, env } = this.#stage;
    // A plan that finds something ends with 2.
    return measureCommand({ args: [optimusCommand[1], ...args], cwd, env, codes: [0, 2] });
  }

  /** Reads the repository and does nothing with it. */
  readBare(output = ''): Promise<Usage> {
    const cwd = this.#stage.repository;
    return measureCommand({ args: [bareDeploy, output, ...TENANTS], cwd });
  }

  /** Reads the repository, and copies its bytes to a table without index. */
  async deployBare(): Promise<Usage> {
    const file = path.join(this.#stage.folder, 'bare.csv');
    const read = await this.readBare(file);
    await queryDatabase(this.#stage, 'CREATE TABLE bare (path text, content text)');
    const startedAt = performance.now();
    await queryDatabase(this.#stage, `COPY bare FROM '${file}' CSV`);
    return { ...read, ms: read.ms + performance.now() - startedAt };
  }

  /** Changes the query of one job; another one each time. */
  async touchJob(index: number): Promise<void> {
    const folder = this.#jobFolders[(index * 7919) % this.#jobFolders.length] ?? '';
    await appendFile(path.join(folder, 'assets/query.sql'), `-- changed ${index}\n`);
  }

  /** Versions whose column lineage is still to be computed. */
  async countWaitingLineage(): Promise<number> {
    const [row] = await queryDatabase(this.#stage, 'SELECT count(*) AS count FROM lineage_queue');
    return Number(row?.['count'] ?? 0);
  }

  /** Until the server has nothing left to do after a deployment. */
  async settle(): Promise<void> {
    while ((await this.countWaitingLineage()) > 0) await rest(1_000);
  }

  /** Resident memory of the server's process at its most, in MB; undefined where the system does not say. */
  async readServerMemory(): Promise<number | undefined> {
    const status = await readFile(`/proc/${this.#server.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stage.clear();
  }
}
