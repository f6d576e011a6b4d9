import path from 'node:path';
import { stateFolder } from '../provision/repository.mjs';
import { runVitest } from '../test.mjs';
import { printStep, secondsSince } from './run-steps.mjs';
import { findSystemPostgres, startSystemPostgres } from './system-postgres.mjs';

/** Tests that start servers of their own, embedded ones: this PostgreSQL would stand by. */
const OWN_SERVERS = [
  'runtime/store/src/embedded/**',
  'runtime/store/src/database-restart.test.ts',
  'runtime/scheduler/src/embedded/killed-server.test.ts',
];

/** Everything that speaks SQL. */
const SUITE = [
  '--project=unit',
  'runtime/store/src',
  'runtime/scheduler/src',
  ...OWN_SERVERS.map((file) => `--exclude=${file}`),
];

/**
 * Runs the suite of the store and of the scheduler on the PostgreSQL of this machine: the other tests know the embedded one alone.
 *
 * @param {import('../provision.mjs').Toolchain} toolchain
 * @param {import('./system-postgres.mjs').SystemPostgres} [postgres]
 * @returns {Promise<import('./run-steps.mjs').StepCounts>}
 */
export async function runPostgresStep(toolchain, postgres) {
  const found = postgres ?? (await findSystemPostgres());
  if (!found) {
    const note = 'skipped: this machine has no PostgreSQL of its own (apt-get install postgresql)';
    printStep({ name: 'PostgreSQL', mark: '-', note });
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const name = `PostgreSQL ${found.version}`;
  const startedAt = performance.now();
  try {
    const server = await startSystemPostgres(found);
    try {
      const env = { ...toolchain.env, OPTIMUS_TEST_DSN: server.dsn };
      const report = path.join(stateFolder, 'vitest-postgres.json');
      const { output, summary } = await runVitest({ ...toolchain, env }, SUITE, { capture: true, report });
      const { passed, failed, skipped } = summary;
      const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
      const note = `${secondsSince(startedAt)}, store and scheduler: ${counts}`;
      printStep({ name, mark: failed > 0 ? '✗' : '✓', note, output: failed > 0 ? output : '' });
      return summary;
    } finally {
      await server.stop();
    }
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    printStep({ name, mark: '✗', note: 'does not start', output });
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
