import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from './neo-week.ts';
import type { Stage } from './stage.ts';

/** Makes the client's project, of the server of the stage. */
export async function initProject(
  stage: Stage,
  project: string,
  namespaces: readonly string[] = ['sky'],
): Promise<void> {
  const tenants = ['--project-name', project, ...namespaces.flatMap((name) => ['--namespace', name])];
  await mustRun(stage, ['init', '--host', `127.0.0.1:${stage.port}`, ...tenants]);
}

/** A job's folder as its author writes it. */
export interface JobFolder {
  readonly namespace?: string;
  readonly name: string;
  readonly yaml: string;
  readonly assets: Readonly<Record<string, string>>;
}

/** Writes a job into the client's project. */
export async function writeJob(
  { repository }: Pick<Stage, 'repository'>,
  { namespace = 'sky', name, yaml, assets }: JobFolder,
): Promise<void> {
  const folder = path.join(repository, namespace, 'jobs', name);
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'job.yaml'), yaml);
  for (const [file, text] of Object.entries(assets)) await writeFile(path.join(folder, 'assets', file), text);
}
