import type { Migration } from '../migration/migration.ts';
import { foundation } from './0001-foundation.ts';
import { databaseIdentity } from './0002-database-identity.ts';
import { dependencies } from './0003-dependencies.ts';
import { windows } from './0004-windows.ts';
import { instances } from './0005-instances.ts';
import { skippedRuns } from './0006-skipped-runs.ts';
import { wildcards } from './0007-wildcards.ts';
import { heldRuns } from './0008-held-runs.ts';
import { retention } from './0009-retention.ts';
import { runChanges } from './0010-run-changes.ts';
import { outcomes } from './0011-outcomes.ts';
import { probes } from './0012-probes.ts';
import { lineage } from './0013-lineage.ts';
import { jobEvents } from './0014-job-events.ts';
import { pools } from './0015-pools.ts';
import { newestRuns } from './0016-newest-runs.ts';
import { runDeadlines } from './0017-run-deadlines.ts';
import { jobDeletions } from './0018-job-deletions.ts';

/** Every migration, in the order they run. Modules and not `.sql` files, so that a bundle carries them. */
export const MIGRATIONS: readonly Migration[] = [
  foundation,
  databaseIdentity,
  dependencies,
  windows,
  instances,
  skippedRuns,
  wildcards,
  heldRuns,
  retention,
  runChanges,
  outcomes,
  probes,
  lineage,
  jobEvents,
  pools,
  newestRuns,
  runDeadlines,
  jobDeletions,
];
