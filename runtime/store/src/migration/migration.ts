import { createHash } from 'node:crypto';

/** One step of the database's schema. Never changed once released. */
export interface Migration {
  /** 1, 2, 3 …, without gaps. */
  readonly number: number;
  readonly name: string;
  /** True when a server from before this migration must not work on the database after it. */
  readonly isBreaking: boolean;
  /** Statements for one transaction. */
  readonly sql: string;
}

/** SHA-256 (hex) of what the migration does. */
export function toMigrationChecksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql.trim().replaceAll('\r\n', '\n')).digest('hex');
}
