import { describe, expect, it } from 'vitest';
import { parseJobName } from '../job/job-name.ts';
import { type NamespaceName, parseNamespaceName } from '../namespace/namespace.ts';
import type { ClaimedAttempt } from '../ports/run-store.ts';
import { claimOf, DONE, EXIT_0, makeServer, runOf, TICK } from './run-claims.ts';
import { deployJob, type GetStorePorts, makeTenant, type StorePorts, type Tenant } from './store-ports.ts';

let jobs = 0;

/** Jobs with one run each, which is ready, in a pool or in none. */
async function makeReady(
  ports: StorePorts,
  tenant: Tenant,
  {
    count,
    pool,
    priority = 1,
  }: { readonly count: number; readonly pool?: string; readonly priority?: number },
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const name = parseJobName(`${pool ?? 'no'}-${++jobs}`);
    const metadata = pool === undefined ? {} : { airflow: { pool, queue: '' } };
    await deployJob(ports, tenant, { name, metadata });
    const job = await ports.jobs.find({ project: tenant.project, job: name });
    if (job) await ports.runs.create({ ...runOf(job, TICK), priority });
  }
}

async function sizePools(
  ports: StorePorts,
  { project }: Tenant,
  config: Record<string, string>,
): Promise<void> {
  await ports.projects.save({ name: project, config });
}

async function addNamespace(ports: StorePorts, { project }: Tenant, name: string): Promise<Tenant> {
  const namespace: NamespaceName = parseNamespaceName(name);
  await ports.namespaces.save({ project, name: namespace, config: {} });
  return { project, namespace };
}

function finishAll(ports: StorePorts, attempts: readonly ClaimedAttempt[]): Promise<unknown> {
  return Promise.all(attempts.map((attempt) => ports.runs.finish(attempt, EXIT_0, DONE)));
}

/** What every store of runs promises of pools. */
export function describeRunPools(getPorts: GetStorePorts): void {
  describe('a pool', () => {
    it('lets as many attempts of its jobs be under way as it has slots, against many who claim at once', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await sizePools(ports, tenant, { POOL_BIG_QUERY: '3' });
      await makeReady(ports, tenant, { count: 8, pool: 'big-query' });
      const claims = await Promise.all(Array.from({ length: 6 }, () => claimOf(ports, tenant)));
      const claimed = claims.flat();
      expect(claimed).toHaveLength(3);
      await finishAll(ports, claimed.slice(0, 2));
      expect(await claimOf(ports, tenant)).toHaveLength(2);
    });

    it('that nobody sized has no limit, and one of size 0 is closed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await sizePools(ports, tenant, { POOL_CLOSED: '0', POOL_ODD: 'many' });
      await makeReady(ports, tenant, { count: 2, pool: 'closed' });
      await makeReady(ports, tenant, { count: 2, pool: 'odd' });
      await makeReady(ports, tenant, { count: 2, pool: 'unsized' });
      const names = (await claimOf(ports, tenant)).map(({ job }) => job.replace(/-.*/, ''));
      expect(names.sort()).toEqual(['odd', 'odd', 'unsized', 'unsized']);
      await sizePools(ports, tenant, { POOL_CLOSED: '1' });
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });

    it('of a project is shared by its namespaces, of which one may have less for itself', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const other = await addNamespace(ports, tenant, 'sea');
      await sizePools(ports, tenant, { POOL_DB: '4' });
      await ports.namespaces.save({
        project: tenant.project,
        name: tenant.namespace,
        config: { POOL_DB: '1' },
      });
      await makeReady(ports, tenant, { count: 5, pool: 'db' });
      await makeReady(ports, other, { count: 5, pool: 'db' });
      const byNamespace = Map.groupBy(await claimOf(ports, tenant), ({ namespace }) => namespace);
      expect(byNamespace.get(tenant.namespace)).toHaveLength(1);
      expect(byNamespace.get(other.namespace)).toHaveLength(3);
    });

    it('gives its slots to namespaces in turn, however many instances one of them has waiting', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const quiet = await addNamespace(ports, tenant, 'sea');
      await sizePools(ports, tenant, { POOL_DB: '2' });
      await makeReady(ports, tenant, { count: 6, pool: 'db', priority: 9 });
      await makeReady(ports, quiet, { count: 1, pool: 'db', priority: 1 });
      const claimed = await claimOf(ports, tenant);
      expect(claimed.map(({ namespace }) => namespace).sort()).toEqual(['sea', 'sky']);
    });

    it('that is full holds up nobody behind its instances in the queue', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await sizePools(ports, tenant, { POOL_FULL: '1', POOL_OTHER: '1' });
      await makeReady(ports, tenant, { count: 12, pool: 'full', priority: 9 });
      await makeReady(ports, tenant, { count: 2, pool: 'other', priority: 5 });
      await makeReady(ports, tenant, { count: 2, priority: 1 });
      const server = makeServer();
      const names: string[] = [];
      // One at a time, as a server with one free slot claims: what is full must not be all that it looks at.
      for (let turn = 0; turn < 6; turn++) {
        const { attempts } = await ports.runs.claim(server, { limit: 1, leaseMs: 60_000 });
        names.push(...attempts.filter(({ project }) => project === tenant.project).map(({ job }) => job));
      }
      expect(names.map((name) => name.replace(/-.*/, ''))).toEqual(['full', 'other', 'no', 'no']);
    });

    it('tells those who wait for a slot when one is free', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await sizePools(ports, tenant, { POOL_DB: '1' });
      await makeReady(ports, tenant, { count: 2, pool: 'db' });
      const [attempt] = await claimOf(ports, tenant);
      const ready: string[] = [];
      const stop = ports.changes.subscribe((change) => change.topic === 'run_ready' && ready.push(change.id));
      if (attempt) await ports.runs.finish(attempt, EXIT_0, DONE);
      await expect.poll(() => ready).toContain(attempt?.runId);
      stop();
      expect(await claimOf(ports, tenant)).toHaveLength(1);
    });

    it('tells when its size changes', async () => {
      const ports = getPorts();
      const changed: string[] = [];
      const stop = ports.changes.subscribe(
        (change) => change.topic === 'schedule_changed' && changed.push(change.id),
      );
      const tenant = await makeTenant(ports);
      const count = () => changed.filter((id) => id === tenant.project).length;
      await expect.poll(count).toBe(2);
      await sizePools(ports, tenant, { POOL_DB: '1' });
      await expect.poll(count).toBe(3);
      await ports.namespaces.save({
        project: tenant.project,
        name: tenant.namespace,
        config: { POOL_DB: '1' },
      });
      await expect.poll(count).toBe(4);
      stop();
    });

    it('is that of the version that a rerun follows', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await sizePools(ports, tenant, { POOL_NEW: '0' });
      const name = parseJobName('moves');
      await deployJob(ports, tenant, { name });
      const key = { project: tenant.project, job: name, scheduledAt: TICK };
      const before = await ports.jobs.find(key);
      if (before) await ports.runs.create(runOf(before, TICK));
      await finishAll(ports, await claimOf(ports, tenant));
      await deployJob(ports, tenant, { name, metadata: { airflow: { pool: 'new', queue: '' } } });
      const after = await ports.jobs.find(key);
      const version = { id: after?.versionId ?? '', window: { start: TICK, end: TICK } };
      await ports.runs.rerun(key, { scope: 'all', version });
      expect(await claimOf(ports, tenant)).toEqual([]);
    });
  });
}
