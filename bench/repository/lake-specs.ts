import { LAKE_PROJECT, type LakeTable, type Layer, TENANTS, toJobName } from './lake.ts';

/** The `job.yaml` of a table's job; owner, labels and behavior come from the folders above. */
export function toJobYaml(lakeTable: LakeTable): string {
  const { dataset, table, subject, namedUpstream, random } = lakeTable;
  const hour = random.below(6);
  // Long after every measurement: no run competes with what is measured.
  return `version: 2
name: ${toJobName(lakeTable)}
description: ${subject} by day, as of ${dataset}
schedule:
  start_date: "2090-01-${String(1 + random.below(28)).padStart(2, '0')}"
  interval: ${random.below(60)} ${hour} * * *
task:
  name: bq2bq
  config:
    PROJECT: ${LAKE_PROJECT}
    DATASET: ${dataset}
    TABLE: ${table}
    LOAD_METHOD: ${random.pick(['REPLACE', 'APPEND', 'MERGE'])}
    PARTITION_FILTER: date(created_at) >= "{{.DSTART | Date}}" and date(created_at) < "{{.DEND | Date}}"
  window:
    size: ${random.pick(['24h', '48h', '168h'])}
    offset: "0"
    truncate_to: d
labels:
  subject: ${subject}
  priority: ${random.pick(['low', 'high'])}
${namedUpstream ? `dependencies:\n  - job: ${toJobName(namedUpstream)}\n` : ''}`;
}

/** What all jobs of a team inherit. */
export function toTenantYaml(tenant: string): string {
  return `owner: ${tenant}@acme.example
labels:
  tenant: ${tenant}
behavior:
  depends_on_past: false
  catch_up: false
  retry:
    count: 3
    delay: 5m
    exponential_backoff: true
`;
}

/** What all jobs of a layer inherit. */
export function toLayerYaml(layer: Layer): string {
  return `labels:
  layer: ${layer}
task:
  config:
    SQL_TYPE: STANDARD
    MAINTENANCE: "false"
metadata:
  resource:
    request:
      cpu: 250m
      memory: 512Mi
`;
}

/** The `optimus.yaml` of the repository. */
export function toClientConfig(host: string): string {
  const namespaces = TENANTS.map(
    (name) => `  - name: ${name}\n    config: {}\n    job:\n      path: ${name}/jobs\n`,
  );
  return `version: 1
host: ${host}
project:
  name: lake
  config:
    STORAGE_PATH: gs://acme-lake
namespaces:
${namespaces.join('')}`;
}

/** The plugin of every job: what it writes is in the job's configuration, what it reads in its SQL. */
export const PLUGIN_FILE = {
  name: 'optimus-plugin-bq2bq.yaml',
  text: `version: 2
name: bq2bq
description: BigQuery to BigQuery transformation
destination_urn_template: "bigquery://<PROJECT>:<DATASET>.<TABLE>"
asset_parsers:
  bq:
    - filepath: ./query.sql
plugin_versions:
  default:
    image: acme/bq2bq
    tag: 1.0.0
    entrypoint:
      script: python3 /opt/bumblebee/main.py
default_config:
  SQL_TYPE: STANDARD
`,
};
