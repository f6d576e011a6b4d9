import { describe, expect, it } from 'vitest';
import { NO_RESOURCES } from '../job/job-edge.ts';
import { type JobName, parseJobName } from '../job/job-name.ts';
import type { JobDependency } from '../job/job-spec.ts';
import { parseNamespaceName } from '../namespace/namespace.ts';
import type { ApplyOptions, JobChangeOutcome } from '../ports/job-store.ts';
import { makeJobSpec } from './job-fixtures.ts';
import { type GetStorePorts, makeTenant, type StorePorts, type Tenant, toUpsert } from './store-ports.ts';

/** What a job of a test writes, reads and names. */
interface Wiring {
  readonly writes?: string;
  readonly reads?: readonly string[];
  readonly waitsFor?: readonly string[];
}

type Jobs = Readonly<Record<string, Wiring>>;

function toDependency(name: string): JobDependency {
  return { type: name.includes('/') ? 'inter' : 'intra', name };
}

function apply(
  ports: StorePorts,
  tenant: Tenant,
  change: {
    readonly jobs?: Jobs;
    readonly deletes?: readonly string[];
    readonly pending?: readonly JobName[];
  },
  options: ApplyOptions = {},
): Promise<JobChangeOutcome> {
  const upserts = Object.entries(change.jobs ?? {}).map(([name, { writes, reads = [], waitsFor = [] }]) => {
    const spec = makeJobSpec({ name: parseJobName(name), dependencies: waitsFor.map(toDependency) });
    return toUpsert(tenant, spec, { resources: { destination: writes, sources: reads } });
  });
  const deletes = (change.deletes ?? []).map((name) => ({
    namespace: tenant.namespace,
    name: parseJobName(name),
  }));
  const pending = change.pending ?? [];
  return ports.jobs.apply({ project: tenant.project, upserts, deletes, author: '', pending }, options);
}

/** Edges as `waiting ← upstream`, an unresolved one with a question mark. */
function show(edges: JobChangeOutcome['gained']): readonly string[] {
  return edges.map(({ job, upstream, urn, isResolved }) => {
    const name = upstream ? upstream.job : urn;
    return `${job} ← ${name}${isResolved ? '' : '?'}`;
  });
}

/** What every store of jobs promises of the edges between them. */
export function describeJobEdges(getPorts: GetStorePorts): void {
  describe('edges between jobs', () => {
    it('follow from names and from what is read and written', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = {
        raw: { writes: 'bq://raw' },
        clean: { reads: ['bq://raw'], writes: 'bq://clean' },
        mart: { reads: ['bq://clean', 'bq://bought'], waitsFor: ['raw'] },
      };
      const { gained, lost, refused } = await apply(ports, tenant, { jobs });
      expect(refused).toEqual([]);
      expect(lost).toEqual([]);
      expect(show(gained)).toEqual(['clean ← raw', 'mart ← bq://bought?', 'mart ← clean', 'mart ← raw']);
    });

    it('come with what several jobs write, also where one of them was there before', async () => {
      const [ports, urn] = [getPorts(), 'bq://twins'];
      const tenant = await makeTenant(ports);
      const one = await apply(ports, tenant, { jobs: { one: { writes: urn } } });
      expect(one.shared).toEqual([]);
      const jobs = { two: { writes: urn } };
      const writers = [`${tenant.project}/one`, `${tenant.project}/two`];
      expect((await apply(ports, tenant, { jobs })).shared).toEqual([{ urn, writers, count: 2 }]);
      const last = await apply(ports, tenant, { jobs, deletes: ['one'] });
      expect(last.shared).toEqual([]);
    });

    it('are not told again when nothing about them changed', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = { raw: { writes: 'bq://raw' }, mart: { reads: ['bq://raw'], waitsFor: ['raw'] } };
      await apply(ports, tenant, { jobs });
      expect(await apply(ports, tenant, { jobs })).toMatchObject({ gained: [], lost: [], refused: [] });
    });

    it('resolve when the producer appears, move to another one when it goes, and stay open without any', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await apply(ports, tenant, { jobs: { mart: { reads: ['bq://t1'] } } });
      const first = await apply(ports, tenant, { jobs: { one: { writes: 'bq://t1' } } });
      expect([show(first.lost), show(first.gained)]).toEqual([['mart ← bq://t1?'], ['mart ← one']]);
      const second = await apply(ports, tenant, { jobs: { two: { writes: 'bq://t1' } } });
      expect(second.gained).toEqual([]);
      const moved = await apply(ports, tenant, { jobs: { one: { writes: 'bq://t9' } } });
      expect([show(moved.lost), show(moved.gained)]).toEqual([['mart ← one'], ['mart ← two']]);
      const open = await apply(ports, tenant, { deletes: ['two'] }, { isForced: true });
      expect([show(open.lost), show(open.gained)]).toEqual([['mart ← two'], ['mart ← bq://t1?']]);
    });

    it('cross projects, the own one first', async () => {
      const ports = getPorts();
      const [near, far] = [await makeTenant(ports), await makeTenant(ports)];
      const urn = `bq://${near.project}`;
      await apply(ports, far, { jobs: { there: { writes: urn } } });
      const crossing = await apply(ports, near, {
        jobs: { mart: { reads: [urn] }, named: { waitsFor: [`${far.project}/there`] } },
      });
      expect(crossing.gained.map(({ upstream }) => upstream)).toEqual([
        { project: far.project, job: 'there' },
        { project: far.project, job: 'there' },
      ]);
      const home = await apply(ports, near, { jobs: { here: { writes: urn } } });
      expect(show(home.gained)).toEqual(['mart ← here']);
    });

    it('to a job of another project wait until that job is deployed', async () => {
      const ports = getPorts();
      const [near, far] = [await makeTenant(ports), await makeTenant(ports)];
      const named = { named: { waitsFor: [`${far.project}/later`] } };
      const before = await apply(ports, near, { jobs: named });
      expect([before.refused, show(before.gained)]).toEqual([[], ['named ← later?']]);
      const after = await apply(ports, far, { jobs: { later: {} } });
      expect(show(after.gained)).toEqual(['named ← later']);
    });

    it('of a wildcard lead to every job that writes one of its tables, of any project', async () => {
      const ports = getPorts();
      const [near, far] = [await makeTenant(ports), await makeTenant(ports)];
      const table = (name: string) => `bq://${near.project}.${name}`;
      await apply(ports, far, { jobs: { 'c-far': { writes: table('events_3') } } });
      const jobs = {
        'a-one': { writes: table('events_1') },
        'b-two': { writes: table('events_2') },
        clicks: { writes: table('clicks_1') },
        mart: { reads: [table('events_*')] },
      };
      const { gained } = await apply(ports, near, { jobs });
      // Sorted by project first, and tenants have numbers: project-10 comes before project-9.
      expect(show(gained).toSorted()).toEqual(['mart ← a-one', 'mart ← b-two', 'mart ← c-far']);
      const one = gained.find(({ upstream }) => upstream?.job === 'a-one');
      expect(one).toMatchObject({ urn: table('events_*'), written: table('events_1') });
      expect(await apply(ports, near, { jobs })).toMatchObject({ gained: [], lost: [], refused: [] });
    });

    it('of a wildcard come and go with the jobs that write its tables', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const table = (name: string) => `bq://${tenant.project}.${name}`;
      await apply(ports, tenant, { jobs: { mart: { reads: [table('events_*')] } } });
      const first = await apply(ports, tenant, { jobs: { one: { writes: table('events_1') } } });
      expect(show(first.lost)).toContain(`mart ← ${table('events_*')}?`);
      expect(show(first.gained)).toContain('mart ← one');
      const second = await apply(ports, tenant, { jobs: { two: { writes: table('events_2') } } });
      expect([show(second.lost), show(second.gained)]).toEqual([[], ['mart ← two']]);
      const moved = await apply(ports, tenant, { jobs: { one: { writes: table('clicks_1') } } });
      expect([show(moved.lost), show(moved.gained)]).toEqual([['mart ← one'], []]);
      const { refused } = await apply(ports, tenant, { deletes: ['two'] });
      expect(refused.map(({ problems }) => problems[0]?.message)).toEqual([
        `is refused: ${tenant.project}/mart need it`,
      ]);
      const open = await apply(ports, tenant, { deletes: ['two'] }, { isForced: true });
      expect(show(open.gained)).toEqual([`mart ← ${table('events_*')}?`]);
    });

    it('of a wildcard lead nowhere from a job to itself, and make circles that are refused', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const table = (name: string) => `bq://${tenant.project}.${name}`;
      const jobs = { day: { writes: table('t_1'), reads: [table('t_*')] } };
      expect(show((await apply(ports, tenant, { jobs })).gained)).toEqual([`day ← ${table('t_*')}?`]);
      const { refused } = await apply(ports, tenant, {
        jobs: { week: { writes: table('t_2'), waitsFor: ['day'] } },
      });
      expect(refused[0]?.problems[0]?.message).toMatch(/^make jobs wait for each other: .*day → week/);
    });

    it('lead nowhere from a job to itself', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { gained, refused } = await apply(ports, tenant, {
        jobs: { self: { writes: 'bq://own', reads: ['bq://own'] } },
      });
      expect([show(gained), refused]).toEqual([['self ← bq://own?'], []]);
    });

    it('that cannot be refuse their jobs, and nothing is stored', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const { refused } = await apply(ports, tenant, {
        jobs: { asteroids: {}, comets: { waitsFor: ['asteriods'] } },
      });
      expect(refused).toEqual([
        {
          name: 'comets',
          problems: [
            {
              path: 'dependencies',
              message: `"asteriods" is no job of project "${tenant.project}", did you mean "asteroids"?`,
            },
          ],
        },
      ]);
      expect(await ports.jobs.listDigests(tenant.project)).toEqual([]);
      const pending = [parseJobName('asteriods')];
      const later = { jobs: { comets: { waitsFor: ['asteriods'] } }, pending };
      expect((await apply(ports, tenant, later, { isDryRun: true })).refused).toEqual([]);
    });

    it('in a circle are refused with the whole path', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      await apply(ports, tenant, {
        jobs: { aaa: { writes: 'bq://a' }, bbb: { reads: ['bq://a'], writes: 'bq://b' } },
      });
      const { refused } = await apply(ports, tenant, {
        jobs: { aaa: { writes: 'bq://a', reads: ['bq://b'] } },
      });
      expect(refused.map(({ name }) => name).toSorted()).toEqual(['aaa', 'bbb']);
      expect(refused[0]?.problems[0]?.message).toMatch(
        /^make jobs wait for each other: (aaa → bbb → aaa|bbb → aaa → bbb)$/,
      );
      expect(await ports.jobs.find({ project: tenant.project, job: parseJobName('aaa') })).toMatchObject({
        versionNumber: 1,
      });
    });

    it('in several circles are all refused, and a long circle is shown once', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const length = 30;
      const ring = Array.from(
        { length },
        (_, n) => [`r${n}x`, { waitsFor: [`r${(n + 1) % length}x`] }] as const,
      );
      const { refused } = await apply(ports, tenant, {
        jobs: {
          ...Object.fromEntries(ring),
          aaa: { waitsFor: ['bbb'] },
          bbb: { waitsFor: ['aaa'] },
          ccc: { waitsFor: ['ddd'] },
          ddd: { waitsFor: ['ccc'] },
        },
      });
      expect(refused.map(({ name }) => name).toSorted()).toEqual(
        ['aaa', 'bbb', 'ccc', 'ddd', ...ring.map(([name]) => name)].toSorted(),
      );
      const messages = refused.map(({ problems }) => problems[0]?.message ?? '');
      expect(messages.filter((message) => message.split(' → ').length === length + 1)).toHaveLength(1);
      expect(
        messages.filter((message) => /in the circle of 30 jobs that r\d+x tells$/.test(message)),
      ).toHaveLength(29);
    });

    it('protect a job that others need, unless deletion is forced or they go too', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = {
        base: { writes: 'bq://base' },
        reader: { reads: ['bq://base'] },
        namer: { waitsFor: ['base'] },
      };
      await apply(ports, tenant, { jobs });
      const { refused } = await apply(ports, tenant, { deletes: ['base'] });
      const needing = `${tenant.project}/namer, ${tenant.project}/reader`;
      expect(refused).toEqual([
        { name: 'base', problems: [{ path: 'deletion', message: `is refused: ${needing} need it` }] },
      ]);
      expect(await ports.jobs.find({ project: tenant.project, job: parseJobName('base') })).toBeDefined();
      expect((await apply(ports, tenant, { deletes: ['base', 'reader', 'namer'] })).refused).toEqual([]);
    });

    it('name the jobs downstream of a change in a dry run, which stores nothing', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const jobs = {
        base: { writes: 'bq://b1' },
        middle: { reads: ['bq://b1'], writes: 'bq://b2' },
        leaf: { reads: ['bq://b2'] },
        aside: {},
      };
      const stored = await apply(ports, tenant, { jobs });
      const { downstream, revision } = await apply(
        ports,
        tenant,
        { jobs: { base: { writes: 'bq://b1', waitsFor: ['aside'] } } },
        { isDryRun: true },
      );
      expect(downstream.map(({ job }) => job)).toEqual(['leaf', 'middle']);
      expect(
        (await ports.jobs.find({ project: tenant.project, job: parseJobName('base') }))?.versionNumber,
      ).toBe(1);
      expect(await ports.jobs.readRevision(tenant.project, revision)).toMatchObject({
        revision: stored.revision,
      });
    });
  });

  describe('a change of jobs', () => {
    it('moves a job to another namespace under its history', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const sea = parseNamespaceName('sea');
      await ports.namespaces.save({ project: tenant.project, name: sea, config: {} });
      await apply(ports, tenant, { jobs: { boat: {} } });
      const spec = makeJobSpec({ name: parseJobName('boat') });
      const upsert = toUpsert({ ...tenant, namespace: sea }, spec, {
        movedFrom: tenant.namespace,
        resources: NO_RESOURCES,
      });
      await ports.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
      const found = await ports.jobs.find({ project: tenant.project, job: spec.name });
      expect(found).toMatchObject({ namespace: 'sea', versionNumber: 1 });
    });

    it('is refused when a job differs from what the change was planned upon', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const name = parseJobName('boat');
      await apply(ports, tenant, { jobs: { boat: {} } });
      const upserts = [toUpsert(tenant, makeJobSpec({ name, description: 'new' }))];
      for (const hash of [undefined, 'another']) {
        const change = {
          project: tenant.project,
          upserts,
          deletes: [],
          author: '',
          basis: new Map([[name, hash]]),
        };
        await expect(ports.jobs.apply(change)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
      }
      const [digest] = await ports.jobs.listDigests(tenant.project);
      const basis = new Map([[name, digest?.contentHash]]);
      await ports.jobs.apply({ project: tenant.project, upserts, deletes: [], author: '', basis });
      expect(await ports.jobs.find({ project: tenant.project, job: name })).toMatchObject({
        versionNumber: 2,
      });
    });

    it('gives a revision that grows, and nothing else does', async () => {
      const ports = getPorts();
      const tenant = await makeTenant(ports);
      const empty = await ports.jobs.readRevision(tenant.project);
      expect(empty).toEqual({ revision: '0', digests: [] });
      const { revision, revisionBefore } = await apply(ports, tenant, { jobs: { one: {}, two: {} } });
      expect(revisionBefore).toBe('0');
      expect(await ports.jobs.readRevision(tenant.project, revision)).toBeUndefined();
      await apply(ports, tenant, {});
      expect(await ports.jobs.readRevision(tenant.project, revision)).toBeUndefined();
      const next = await apply(ports, tenant, { deletes: ['one'] });
      expect(next.revisionBefore).toBe(revision);
      expect(BigInt(next.revision)).toBeGreaterThan(BigInt(revision));
      expect((await ports.jobs.readRevision(tenant.project, revision))?.digests).toHaveLength(1);
    });
  });
}
