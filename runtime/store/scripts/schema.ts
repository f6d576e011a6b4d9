// Writes the schema that all migrations together make to schema.sql, so that a review sees what a migration comes to.
// With --check it compares instead, and ends with 1 when the file is not what the migrations make.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { Database } from '../src/database/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded/embedded-postgres.ts';
import { runMigrations } from '../src/migration/migrator.ts';
import { MIGRATIONS } from '../src/migrations/index.ts';
import { dumpSchema } from '../src/schema/dump-schema.ts';

const FILE = join(import.meta.dirname, '..', 'schema.sql');
const BANNER = '-- What all migrations together make. Written by scripts/schema.ts; do not edit.\n\n';

const schema = BANNER + (await makeSchema()) + '\n';
if (!process.argv.includes('--check')) writeFileSync(FILE, schema);
else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== schema) {
  console.error(
    'runtime/store/schema.sql is not what the migrations make: run runtime/store/scripts/schema.ts and commit the file',
  );
  process.exitCode = 1;
}

async function makeSchema(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'optimus-schema-'));
  const dataDir = join(folder, 'data');
  const server = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
  const database = new Database(server.connection, { size: 1, statementTimeoutMs: 0, log: SILENT_LOG });
  try {
    return await database.withClient(async (client) => {
      await runMigrations(client, MIGRATIONS, SILENT_LOG);
      return await dumpSchema(client);
    });
  } finally {
    await database.close();
    await server.stop();
    await removeEmbeddedPostgres(dataDir, SILENT_LOG);
    rmSync(folder, { recursive: true, force: true });
  }
}
