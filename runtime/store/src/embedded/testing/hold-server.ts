// Starts an embedded server on the directory given, says so in one line, and holds it until it is ended.
import { SILENT_LOG, toErrorMessage } from '@optimus/domain';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';

const dataDir = process.argv[2] ?? '';
try {
  const server = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(`ready ${JSON.stringify(server.connection)}\n`);
  setInterval(() => undefined, 60_000);
} catch (thrown) {
  process.stdout.write(`refused ${toErrorMessage(thrown)}\n`);
}
