export type { DatabaseConnection } from './database/connection-pool.ts';
export { acquireDirectoryLock, type DirectoryLock } from './embedded/directory-lock.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded/embedded-postgres.ts';
export type { EmbeddedConnection } from './embedded/postgres-settings.ts';
export { createStore, type Store, type StoreOptions } from './store.ts';
