import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

// Long enough for a busy machine to renew it in time.
const LEASE_MS = 2_000;
const TIMES = { leaseMs: LEASE_MS, graceMs: 0 };

// What `now()` means to every statement: the search path finds this one first.
const OWN_CLOCK = `
  CREATE SCHEMA clock;
  CREATE TABLE clock.shift (amount interval NOT NULL);
  INSERT INTO clock.shift VALUES ('0');
  CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT pg_catalog.now() + amount FROM clock.shift';
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = clock, pg_catalog, public', current_database()); END $$;
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

describe('a database whose clock is set', () => {
  let fixture: SchedulerFixture;
  let otherHost: string;
  let gate: string;

  beforeEach(async () => {
    fixture = await SchedulerFixture.create();
    otherHost = await mkdtemp(join(tmpdir(), 'other-host-'));
    gate = join(otherHost, 'gate');
    await fixture.query(OWN_CLOCK);
  });
  afterEach(async () => {
    await fixture.drop();
    await rm(otherHost, { recursive: true, force: true });
  });

  const shift = (amount: string) => fixture.query(`UPDATE clock.shift SET amount = amount + '${amount}'`);
  const deployWaiting = () =>
    fixture.deployOne(fixture.toScript(`while [ ! -e ${gate} ]; do sleep 0.02; done`));
  const startOther = () => fixture.startServer({ dataDir: otherHost, hostId: 'other' }, TIMES);

  it('ahead robs no server of what it runs', async () => {
    await fixture.startServer({}, TIMES);
    await startOther();
    await deployWaiting();
    await fixture.waitForTrace(1);
    // Each time both servers have been at it for so long that what has run out is theirs to take.
    for (let jump = 0; jump < 3; jump += 1) {
      await delay(2 * LEASE_MS + 123 * jump);
      await shift('1 h');
    }
    await delay(2 * LEASE_MS);
    await writeFile(gate, '');
    const [run] = await fixture.waitForEnd(1);
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['success']);
    expect(fixture.trace()).toHaveLength(1);
  }, 60_000);

  it('back does not keep what a dead server had for its own', async () => {
    const server = await fixture.startServer({}, TIMES);
    await deployWaiting();
    await fixture.waitForTrace(1);
    await server.stop();
    await shift('-1 h');
    await writeFile(gate, '');
    await startOther();
    const [run] = await fixture.waitForEnd(1);
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
  }, 60_000);
});
