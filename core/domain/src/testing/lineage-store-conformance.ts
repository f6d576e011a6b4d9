import { describe, expect, it } from 'vitest';
import type { JobResources } from '../job/job-edge.ts';
import { type JobName, parseJobName } from '../job/job-name.ts';
import type { ColumnLineage } from '../lineage/column-lineage.ts';
import type { ClaimedVersion } from '../ports/lineage-store.ts';
import { makeJobSpec } from './job-fixtures.ts';
import { type GetStorePorts, makeTenant, type StorePorts, type Tenant, toUpsert } from './store-ports.ts';

const LEASE_MS = 60_000;

async function deploy(
  ports: StorePorts,
  tenant: Tenant,
  name: string,
  resources: JobResources,
  owner = 'ada',
): Promise<JobName> {
  const spec = makeJobSpec({ name: parseJobName(name), owner });
  const upserts = [toUpsert(tenant, spec, { resources })];
  await ports.jobs.apply({ project: tenant.project, upserts, deletes: [], author: '' });
  return spec.name;
}

/** Two jobs of which the second reads what the first writes. */
async function deployPair(ports: StorePorts) {
  const tenant = await makeTenant(ports);
  const urn = `bigquery://${tenant.project}:d.t`;
  // The reader first: order is by edges, not by age.
  const reader = await deploy(ports, tenant, 'reader', { destination: `${urn}2`, sources: [urn] });
  const writer = await deploy(ports, tenant, 'writer', { destination: urn, sources: [] });
  return { tenant, urn, reader, writer };
}

/** Claims all there is, but of this tenant alone: tests share the database. */
async function claimAll(ports: StorePorts, { project }: Tenant, holder = project as string) {
  const claimed: Array<ClaimedVersion & { readonly job: string }> = [];
  for (const version of await ports.lineages.claim({ holder, limit: 10_000, leaseMs: LEASE_MS })) {
    const job = await ports.jobs.findVersion(version.versionId);
    if (job?.project === project) claimed.push({ ...version, job: `${job.spec.name} ${job.versionNumber}` });
  }
  return claimed;
}

function makeLineage(columns: readonly string[], isComplete = true): ColumnLineage {
  const sources = [{ urn: 'bigquery://p:d.raw', column: 'x', transform: 'direct' as const }];
  return { columns: columns.map((name) => ({ name, sources })), influences: [], isComplete, problems: [] };
}

let inputs = 0;

function record(ports: StorePorts, version: ClaimedVersion, lineage: ColumnLineage): Promise<void> {
  const inputHash = (++inputs).toString(16).padStart(64, '0');
  return ports.lineages.record({ version, inputHash, lineage });
}

async function recordAll(ports: StorePorts, tenant: Tenant, lineage: ColumnLineage): Promise<void> {
  for (const version of await claimAll(ports, tenant)) await record(ports, version, lineage);
}

/** What every store of lineage promises. */
export function describeLineageStore(getPorts: GetStorePorts): void {
  describe('a store of lineage', () => {
    it('has every version wait from its deployment on, upstreams before those that read what they write', async () => {
      const ports = getPorts();
      const { tenant, reader, urn } = await deployPair(ports);
      await deploy(ports, tenant, reader, { destination: `${urn}2`, sources: [urn] }, 'grace');
      const claimed = await claimAll(ports, tenant);
      expect(claimed.map(({ job }) => job)).toEqual(['writer 1', 'reader 2', 'reader 1']);
    });

    it('gives nobody what another holds, until that has had its time', async () => {
      const ports = getPorts();
      const { tenant } = await deployPair(ports);
      expect(await claimAll(ports, tenant, 'one')).toHaveLength(2);
      expect(await claimAll(ports, tenant, 'two')).toEqual([]);
      expect(await claimAll(ports, tenant, 'one')).toHaveLength(2);
      expect(await ports.lineages.findNextClaimMs('two')).toBeGreaterThan(LEASE_MS / 2);
      await ports.lineages.claim({ holder: 'one', limit: 10_000, leaseMs: 0 });
      expect(await claimAll(ports, tenant, 'two')).toHaveLength(2);
    });

    it('keeps what was recorded by version, and computes equal things once', async () => {
      const ports = getPorts();
      const { tenant, writer } = await deployPair(ports);
      const key = { project: tenant.project, job: writer };
      expect(await ports.lineages.find(key)).toMatchObject({ lineage: undefined, isPending: true });
      const [version] = await claimAll(ports, tenant);
      const inputHash = 'a'.repeat(64);
      if (version) await ports.lineages.record({ version, inputHash, lineage: makeLineage(['a']) });
      expect(await ports.lineages.find(key)).toMatchObject({
        versionNumber: 1,
        lineage: makeLineage(['a']),
        isPending: false,
      });
      expect(await ports.lineages.find(key, 1)).toEqual(await ports.lineages.find(key));
      expect(await ports.lineages.find(key, 2)).toBeUndefined();
      expect(await ports.lineages.findByInput(inputHash)).toEqual(makeLineage(['a']));
      expect(await ports.lineages.findByInput('b'.repeat(64))).toBeUndefined();
    });

    it('tells the columns of resources that are known whole, the old ones while new ones are computed', async () => {
      const ports = getPorts();
      const { tenant, urn, writer } = await deployPair(ports);
      expect(await ports.lineages.findColumns([urn])).toEqual([]);
      await recordAll(ports, tenant, makeLineage(['b', 'a']));
      expect(await ports.lineages.findColumns([urn])).toEqual([{ urn, columns: ['b', 'a'] }]);
      await deploy(ports, tenant, writer, { destination: urn, sources: [] }, 'grace');
      expect(await ports.lineages.findColumns([urn])).toEqual([{ urn, columns: ['b', 'a'] }]);
      await recordAll(ports, tenant, makeLineage(['c'], false));
      expect(await ports.lineages.findColumns([urn])).toEqual([]);
    });

    it('has those who read a table computed anew when its columns change, and only then', async () => {
      const ports = getPorts();
      const { tenant, urn, writer } = await deployPair(ports);
      await recordAll(ports, tenant, makeLineage(['a']));
      // The reader was claimed before the writer was recorded: it may know nothing of these columns.
      expect((await claimAll(ports, tenant)).map(({ job }) => job)).toEqual(['reader 1']);
      await recordAll(ports, tenant, makeLineage(['a']));
      expect(await claimAll(ports, tenant)).toEqual([]);
      await deploy(ports, tenant, writer, { destination: urn, sources: [] }, 'grace');
      await recordAll(ports, tenant, makeLineage(['a']));
      expect(await claimAll(ports, tenant)).toEqual([]);
      await deploy(ports, tenant, writer, { destination: urn, sources: [] }, 'hedy');
      await recordAll(ports, tenant, makeLineage(['a', 'b']));
      expect((await claimAll(ports, tenant)).map(({ job }) => job)).toEqual(['reader 1']);
    });

    it('forgets no reason that comes while a version is being computed', async () => {
      const ports = getPorts();
      const { tenant, urn, writer } = await deployPair(ports);
      await recordAll(ports, tenant, makeLineage(['a']));
      await recordAll(ports, tenant, makeLineage(['a']));
      await deploy(ports, tenant, writer, { destination: urn, sources: [] }, 'grace');
      const [version] = await claimAll(ports, tenant);
      // The same version stored again, as refreshing does.
      await deploy(ports, tenant, writer, { destination: urn, sources: [] }, 'grace');
      if (version) await record(ports, version, makeLineage(['a']));
      expect((await claimAll(ports, tenant)).map(({ job }) => job)).toEqual(['writer 2']);
    });

    it('has a job computed anew that gains or loses the producer of what it reads', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const urn = `bigquery://${tenant.project}:d.t`;
      await deploy(ports, tenant, 'reader', { destination: undefined, sources: [urn] });
      await recordAll(ports, tenant, makeLineage([]));
      expect(await claimAll(ports, tenant)).toEqual([]);
      await deploy(ports, tenant, 'writer', { destination: urn, sources: [] });
      expect((await claimAll(ports, tenant)).map(({ job }) => job)).toEqual(['writer 1', 'reader 1']);
    });

    it('lists the newest lineage of deployed jobs', async () => {
      const ports = getPorts();
      const { tenant, urn, writer, reader } = await deployPair(ports);
      const [version] = await claimAll(ports, tenant);
      if (version) await record(ports, version, makeLineage(['a']));
      const [project, gone] = [tenant.project, parseJobName('gone')];
      const listed = await ports.lineages.list([
        { project, job: writer },
        { project, job: reader },
        { project, job: gone },
      ]);
      expect(listed.toSorted((a, b) => (a.job < b.job ? -1 : 1))).toEqual([
        { project, job: reader, destination: `${urn}2`, lineage: undefined },
        { project, job: writer, destination: urn, lineage: makeLineage(['a']) },
      ]);
    });

    it('announces that there is something to compute anew', async () => {
      const ports = getPorts();
      const { tenant } = await deployPair(ports);
      const [version] = await claimAll(ports, tenant);
      const heard = Promise.withResolvers<string>();
      const unsubscribe = ports.changes.subscribe(({ topic }) => {
        if (topic === 'lineage_changed') heard.resolve(topic);
      });
      if (version) await record(ports, version, makeLineage(['a']));
      expect(await heard.promise).toBe('lineage_changed');
      unsubscribe();
    });
  });
}
