import {
  describeContextStore,
  describeHistory,
  describeJobEdges,
  describeJobIndex,
  describeJobStore,
  describeLeaseStore,
  describeLineageStore,
  describeProjectStore,
  describeRunControl,
  describeRunLeases,
  describeRunLimits,
  describeRunListing,
  describeRunOverlap,
  describeRunPools,
  describeRunProbes,
  describeRunStore,
  describeRunWaiting,
  describeScheduleStore,
  describeSecretStore,
} from '@optimus/domain/testing';

import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const getPorts = () => database.store;

describeProjectStore(getPorts);
describeSecretStore(getPorts);
describeJobEdges(getPorts);
describeJobIndex(getPorts);
describeJobStore(getPorts);
describeScheduleStore(getPorts);
describeRunProbes(getPorts);
describeRunStore(getPorts);
describeRunLeases(getPorts);
describeRunControl(getPorts);
describeRunLimits(getPorts);
describeRunOverlap(getPorts);
describeRunPools(getPorts);
describeRunListing(getPorts);
describeRunWaiting(getPorts);
describeLeaseStore(getPorts);
describeLineageStore(getPorts);
describeContextStore(getPorts);
describeHistory(getPorts);
