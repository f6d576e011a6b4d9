import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Packages are tested from their sources: the `source` export condition skips the build.
// Not `import`: it would also reach `require`, which then gets the ES module of packages that have both (pg-pool).
const conditions = ['source', 'node', 'default'];

/** Journeys through separate processes: two files at a time, for they wait a lot, with time to start servers. */
const journeys = { maxWorkers: 2, testTimeout: 120_000, hookTimeout: 120_000 };

/** Files that take minutes. They begin first: one that begins last has the other workers wait for it. */
const LONG = [
  'tests/interop/plugin-authoring',
  'tests/interop/plugin-verification',
  'tests/e2e/deploy-faults',
  'tests/e2e/readme',
  'tests/e2e/demo',
  'tests/e2e/server-life',
  'runtime/store/src/store-conformance',
  'runtime/sql-lineage/src/lineage-extractor',
  'runtime/scheduler/src/embedded/killed-server',
];

/** Goes by the durations of the last run, as usual, and by {@link LONG} in a checkout that has had none. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((name) => moduleId.includes(`/${name}.`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// The orders begin at 1: vitest puts a group 0 that has a single worker behind all others.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // The environment in which vitest runs globalSetup.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    // The longest take ten seconds alone: a busy machine has them take more.
    testTimeout: 60_000,
    // How long `expect.poll` looks again: the default, a second, is too short for a busy machine. Who waits less gains nothing.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    passWithNoTests: false,
    // A machine of many tests now and then starves one of them; CI tries it twice more, and the report names it.
    retry: process.env['CI'] ? 2 : 0,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'proto/**/src/**/*.test.ts',
            '{core,runtime,sdk,apps,plugins}/**/src/**/*.test.ts',
            'examples/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          // One PostgreSQL for all files; each file that needs one makes a database of its own there.
          globalSetup: ['runtime/store/src/testing/test-server.ts'],
          // Programs that tests start from their sources: without it, each start would translate all of them again.
          env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts', 'tests/chaos/**/*.test.ts'],
          ...journeys,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'interop',
          include: ['tests/interop/**/*.test.ts'],
          ...journeys,
          // Beside the journeys of e2e: nobody waits for the last of those alone.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
