import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stage } from '../stage/stage.ts';

/** A repository between whose states deployments go back and forth. */
export interface TwoStates {
  /** Makes the folder the one or the other. */
  write(state: 'one' | 'other'): Promise<void>;
  /** Folders of its jobs, as they are in both states. */
  readonly jobFolders: readonly string[];
}

/** Jobs that only one of the states has, jobs that differ, and jobs that are the same; each waits for the one before. */
const JOBS = 30;

const PLUGIN = `version: 2
name: copy
destination_urn_template: "bigquery://lake:d.<TABLE>"
asset_parsers: { bq: [{ filepath: ./query.sql }] }
plugin_versions: { default: { image: example/copy, tag: v1, entrypoint: { script: "true" } } }
`;

/** Writes the plugin and the configuration of both states. Answers the plugin's folder too. */
export async function prepareTwoStates(stage: Stage, host: string): Promise<TwoStates & { plugins: string }> {
  const plugins = path.join(stage.folder, 'plugins');
  await mkdir(plugins);
  await writeFile(path.join(plugins, 'optimus-plugin-copy.yaml'), PLUGIN);
  const namespaces = ['sky', 'sea'].map((name) => ({ name, job: { path: name } }));
  const config = { version: 1, host, project: { name: 'lake' }, namespaces };
  await writeFile(path.join(stage.repository, 'optimus.yaml'), JSON.stringify(config));
  const toFolder = (index: number) =>
    path.join(stage.repository, index % 2 === 0 ? 'sky' : 'sea', `job_${String(index).padStart(3, '0')}`);
  return {
    plugins,
    jobFolders: Array.from({ length: JOBS - 10 }, (_, index) => toFolder(index + 5)),
    async write(state) {
      for (let index = 0; index < JOBS; index += 1) {
        const isThere = state === 'one' ? index < JOBS - 5 : index >= 5;
        if (isThere) await writeJob(toFolder(index), index, state);
        else await rm(toFolder(index), { recursive: true, force: true });
      }
    },
  };
}

async function writeJob(folder: string, index: number, state: string): Promise<void> {
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'job.yaml'), toJobYaml(path.basename(folder), index));
  const note = index % 3 === 0 ? 'the same' : state;
  const filling = '-- so long that it does not fit into one piece of the network\n'.repeat(100);
  const query = `${filling}select * from \`lake.d.t${index - 1}\` -- ${note}\n`;
  await writeFile(path.join(folder, 'assets/query.sql'), query);
}

function toJobYaml(name: string, index: number): string {
  return `version: 2
name: ${name}
owner: ada@example.com
schedule: { start_date: "2090-01-01", interval: "0 2 * * *" }
task:
  name: copy
  config:
    TABLE: t${index}
  window: { size: 24h, offset: "0", truncate_to: d }
`;
}
