import { describe, expect, it } from 'vitest';
import { type Migration, toMigrationChecksum } from './migration.ts';
import { type AppliedMigration, planMigrations } from './plan-migrations.ts';

const [one, two, three] = [makeMigration(1), makeMigration(2), makeMigration(3)];

function makeMigration(number: number, change: Partial<Migration> = {}): Migration {
  return { number, name: `step ${number}`, isBreaking: false, sql: `SELECT ${number};`, ...change };
}

function applied(migration: Migration): AppliedMigration {
  return { ...migration, checksum: toMigrationChecksum(migration) };
}

describe('a plan of migrations', () => {
  it('is everything on a new database, in order', () => {
    expect(planMigrations([two, one], [])).toEqual([one, two]);
  });

  it('is what has not run yet', () => {
    expect(planMigrations([one, two], [applied(one)])).toEqual([two]);
    expect(planMigrations([one, two], [applied(one), applied(two)])).toEqual([]);
  });

  it('refuses a migration that was changed after it ran, naming it', () => {
    const changed = makeMigration(1, { sql: 'SELECT 0;' });
    expect(() => planMigrations([changed], [applied(one)])).toThrow(
      'migration 1 "step 1" is not the one that ran',
    );
  });

  it('takes line ends and blank lines around for no change', () => {
    const file = makeMigration(1, { sql: 'SELECT 1,\n2;' });
    expect(planMigrations([makeMigration(1, { sql: '\r\nSELECT 1,\r\n2;\n' })], [applied(file)])).toEqual([]);
  });

  it('refuses a migration inserted before the last one that ran', () => {
    const planning = () => planMigrations([one, two, three], [applied(one), applied(three)]);
    expect(planning).toThrow(
      'migration 2 "step 2" comes before migration 3, which has run on this database already',
    );
  });

  it('refuses a database that a newer, breaking migration has changed', () => {
    const newer = makeMigration(3, { isBreaking: true });
    expect(() => planMigrations([one, two], [one, two, newer].map(applied))).toThrow(
      'migration 3 "step 3", which this version',
    );
  });

  it('serves a database that a newer migration has changed without breaking anything', () => {
    expect(planMigrations([one, two], [one, two, three].map(applied))).toEqual([]);
  });
});
