import type { Presets } from '@optimus/domain';
import type { Generated, JSONColumnType } from 'kysely';

type Config = JSONColumnType<Readonly<Record<string, string>>>;

/** Ids are `bigint` in the database and strings here, as the driver gives them. */
type Id = Generated<string>;

/** A tenant. */
export interface ProjectTable {
  id: Id;
  name: string;
  config: Config;
  presets: JSONColumnType<Presets, string | undefined>;
  job_revision: Generated<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** A team within a project. */
export interface NamespaceTable {
  id: Id;
  project_id: string;
  name: string;
  config: Config;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** An encrypted value; `namespace_id` is null for one of the whole project. */
export interface SecretTable {
  id: Id;
  project_id: string;
  namespace_id: string | null;
  name: string;
  ciphertext: Buffer;
  digest: string;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** A job over all its versions; `deleted_at` is set while it is not deployed. */
export interface JobTable {
  id: Id;
  project_id: string;
  namespace_id: string;
  name: string;
  version_id: string | null;
  destination: string | null;
  level: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
}

/** One immutable specification, without its assets. */
export interface JobVersionTable {
  id: Id;
  job_id: string;
  number: number;
  content_hash: string;
  spec: JSONColumnType<object>;
  instances: JSONColumnType<object> | null;
  author: string;
  created_at: Generated<Date>;
}

/** The content of an asset by its SHA-256. */
export interface AssetTable {
  hash: Buffer;
  content: Buffer;
}

/** Which assets a version has. */
export interface JobVersionAssetTable {
  version_id: string;
  name: string;
  asset_hash: Buffer;
}

/** The cursor of a job's schedule. */
export interface JobScheduleTable {
  job_id: string;
  next_scheduled_at: Date | null;
  last_scheduled_at: Date | null;
  is_paused: Generated<boolean>;
}

/** One tick of a job. */
export interface RunTable {
  id: Id;
  job_id: string;
  version_id: string;
  namespace_id: string;
  scheduled_at: Date;
  window_start: Date;
  window_end: Date;
  window_location: Generated<string>;
  execution_time: Generated<Date>;
  priority: number;
  state: string;
  started_at: Date | null;
  finished_at: Date | null;
  message: Generated<string>;
  wait_count: Generated<number>;
  deadline_at: Date | null;
  is_held: Generated<boolean>;
}

/** A task or hook of a run. */
export interface RunInstanceTable {
  id: Id;
  run_id: string;
  type: string;
  name: string;
  role: string;
  position: number;
  state: string;
  attempt_count: Generated<number>;
  namespace_id: string;
  priority: number;
  ready_at: Generated<Date>;
  message: Generated<string>;
  attempt_base: Generated<number>;
  pool: Generated<string>;
}

/** One try of an instance. */
export interface AttemptTable {
  id: Id;
  instance_id: string;
  number: number;
  state: string;
  fence: Generated<string>;
  host_id: string;
  server_id: string;
  lease_expires_at: Date;
  handle: JSONColumnType<object> | null;
  exit_code: number | null;
  outcome: string | null;
  error_code: string | null;
  message: Generated<string>;
  started_at: Generated<Date>;
  finished_at: Date | null;
  deadline_at: Date | null;
}

/** A tick of an upstream that a run waits for. */
export interface RunWaitTable {
  run_id: string;
  upstream_job_id: string;
  upstream_scheduled_at: Date;
}

/** The tables of the schema. */
export interface Tables {
  project: ProjectTable;
  namespace: NamespaceTable;
  secret: SecretTable;
  job: JobTable;
  job_version: JobVersionTable;
  asset: AssetTable;
  job_version_asset: JobVersionAssetTable;
  job_schedule: JobScheduleTable;
  run: RunTable;
  run_instance: RunInstanceTable;
  attempt: AttemptTable;
  run_wait: RunWaitTable;
}
