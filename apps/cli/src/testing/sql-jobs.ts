import path from 'node:path';

/** The description of a task whose SQL stands in `query.sql`, and that writes the table named in its configuration. */
export const SQL_PLUGIN = `version: 2
name: bq2bq
destination_urn_template: "bigquery://lake:d.<TABLE>"
asset_parsers: { bq: [{ filepath: ./query.sql }] }
plugin_versions: { default: { image: example/bq2bq, tag: v1, entrypoint: { script: "true" } } }
`;

/** What differs between jobs of the SQL task. */
export interface SqlJobParts {
  readonly table: string;
  readonly sql: string;
  readonly startDate?: string;
  readonly interval?: string;
  /** More of the configuration: `, KEY: value`. */
  readonly extra?: string;
  /** Names of jobs. */
  readonly after?: readonly string[];
}

/** The files of a job, by their paths. */
export function sqlJobFiles(
  folder: string,
  { table, sql, startDate = '2024-01-01', interval = '0 2 * * *', extra = '', after = [] }: SqlJobParts,
): Readonly<Record<string, string>> {
  const yaml = `version: 2
name: ${path.basename(folder)}
owner: ada@example.com
schedule: { start_date: "${startDate}", interval: "${interval}" }
behavior: { catch_up: false, depends_on_past: false }
task:
  name: bq2bq
  config: { TABLE: ${table}${extra} }
  window: { size: 24h, offset: "0", truncate_to: d }
dependencies: ${JSON.stringify(after.map((job) => ({ job })))}
`;
  return { [`${folder}/job.yaml`]: yaml, [`${folder}/assets/query.sql`]: sql };
}
