import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stage } from './stage.ts';

/** The image of the SQL plugin's task. */
export const SQL_IMAGE = 'example/bq2bq';

const DESCRIPTION = `version: 2
name: bq2bq
destination_urn_template: "bigquery://lake:d.<TABLE>"
asset_parsers: { bq: [{ filepath: ./query.sql }] }
plugin_versions: { default: { image: ${SQL_IMAGE}, tag: v1, entrypoint: { script: "true" } } }
`;

/** Installs a task whose SQL stands in `query.sql`, and that writes the table of its configuration: `lake.d.<TABLE>`. */
export async function installSqlPlugin({ folder }: Pick<Stage, 'folder'>): Promise<void> {
  const plugins = path.join(folder, '.optimus/plugins');
  await mkdir(plugins, { recursive: true });
  await writeFile(path.join(plugins, 'optimus-plugin-bq2bq.yaml'), DESCRIPTION);
}

/** A daily job that writes the table of its name. */
export function toSqlJob(
  name: string,
  { schedule, extra = '' }: { readonly schedule: string; readonly extra?: string },
): string {
  return `version: 2
name: ${name}
owner: ada@example.com
schedule: ${schedule}
behavior: { catch_up: true, depends_on_past: false }
task:
  name: bq2bq
  config: { TABLE: ${name} }
  window: { size: 24h, offset: "0", truncate_to: d }
${extra}`;
}

/** The schedule of a single run, at the time that `interval` says. */
export function toOneDay(interval: string): string {
  return `{ start_date: "2022-09-18", end_date: "2022-09-19", interval: "${interval}" }`;
}
