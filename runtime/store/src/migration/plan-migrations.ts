import { OptimusError } from '@optimus/domain';
import { type Migration, toMigrationChecksum } from './migration.ts';

/** A migration that has run, as the database remembers it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly isBreaking: boolean;
}

/**
 * The migrations that are still to run, in order. A database with newer migrations that break nothing is served as it is. Pure.
 * @throws OptimusError `MIGRATION_REFUSED` when a migration was changed or inserted after the fact, `DATABASE_TOO_NEW`
 */
export function planMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const byNumber = new Map(applied.map((one) => [one.number, one]));
  assertNotTooNew(known, applied);
  for (const migration of known) assertUnchanged(migration, byNumber.get(migration.number));
  const last = Math.max(0, ...byNumber.keys());
  const missing = known.filter((migration) => !byNumber.has(migration.number));
  const inserted = missing.find((migration) => migration.number < last);
  if (inserted) throw insertedError(inserted, last);
  return missing.toSorted((a, b) => a.number - b.number);
}

function assertNotTooNew(known: readonly Migration[], applied: readonly AppliedMigration[]): void {
  const newest = Math.max(0, ...known.map((migration) => migration.number));
  const breaking = applied.find((one) => one.number > newest && one.isBreaking);
  if (!breaking) return;
  throw new OptimusError('DATABASE_TOO_NEW', {
    message: `the database has migration ${toTitle(breaking)}, which this version of Optimus does not know and cannot work with`,
    hint: 'start the newer version of Optimus that migrated this database, or restore a backup from before it',
    fields: { migration: String(breaking.number) },
  });
}

function assertUnchanged(migration: Migration, applied: AppliedMigration | undefined): void {
  if (applied === undefined || applied.checksum === toMigrationChecksum(migration)) return;
  throw new OptimusError('MIGRATION_REFUSED', {
    message: `migration ${toTitle(migration)} is not the one that ran on this database (as ${toTitle(applied)})`,
    hint: 'put the migration back as it was released, and make the change in a new one',
    fields: { migration: String(migration.number) },
  });
}

function insertedError(migration: Migration, last: number): OptimusError {
  return new OptimusError('MIGRATION_REFUSED', {
    message: `migration ${toTitle(migration)} comes before migration ${last}, which has run on this database already`,
    hint: `give it a number above ${last}`,
    fields: { migration: String(migration.number) },
  });
}

function toTitle(migration: { readonly number: number; readonly name: string }): string {
  return `${migration.number} "${migration.name}"`;
}
