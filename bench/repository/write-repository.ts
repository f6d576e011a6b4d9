import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LAYERS, type LakeTable, planLake, TENANTS } from './lake.ts';
import { toClientConfig, toJobYaml, toLayerYaml, toTenantYaml } from './lake-specs.ts';
import { toQuery } from './lake-sql.ts';

/** A repository to write. */
export interface RepositoryOptions {
  readonly jobs: number;
  /** Equal seeds, equal repositories. */
  readonly seed: number;
  /** The server, `host:port`. */
  readonly host: string;
}

/** Jobs written at a time. */
const BATCH = 64;

/** Writes the repository of a lake: four layers of three teams, a job and a query for each table. Answers the folders of its jobs. */
export async function writeRepository(
  folder: string,
  { jobs, seed, host }: RepositoryOptions,
): Promise<readonly string[]> {
  for (const tenant of TENANTS) await writeInherited(folder, tenant);
  await writeFile(path.join(folder, 'optimus.yaml'), toClientConfig(host));
  const tables = planLake(jobs, seed);
  const folders: string[] = [];
  for (let start = 0; start < tables.length; start += BATCH) {
    const batch = tables.slice(start, start + BATCH);
    folders.push(...(await Promise.all(batch.map((table) => writeJob(folder, table)))));
  }
  return folders;
}

async function writeInherited(folder: string, tenant: string): Promise<void> {
  const root = path.join(folder, tenant, 'jobs');
  for (const layer of LAYERS) {
    await mkdir(path.join(root, layer), { recursive: true });
    await writeFile(path.join(root, layer, 'this.yaml'), toLayerYaml(layer));
  }
  await writeFile(path.join(root, 'this.yaml'), toTenantYaml(tenant));
}

async function writeJob(root: string, lakeTable: LakeTable): Promise<string> {
  const { tenant, layer, subject, table } = lakeTable;
  const folder = path.join(root, tenant, 'jobs', layer, subject, table);
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'job.yaml'), toJobYaml(lakeTable));
  await writeFile(path.join(folder, 'assets/query.sql'), toQuery(lakeTable));
  return folder;
}
