import { core, listHttpBindings } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import type { BoundMethod } from '../call/call.ts';
import { RouteTable } from './route-table.ts';

const methods: readonly BoundMethod[] = core.services
  .flatMap((service) => service.methods)
  .map((desc) => ({ desc, access: 'token' as const, handle: () => Promise.resolve() }));

const table = new RouteTable(methods);

function find(method: string, path: string): string | undefined {
  const match = table.find(path);
  const route = match?.routes.get(method);
  return route && `${route.method.desc.name}(${match?.values.join(',')})`;
}

describe('the route table', () => {
  it.each([
    ['GET', '/api/v1beta1/project', 'ListProjects()'],
    ['POST', '/api/v1beta1/project', 'RegisterProject()'],
    ['GET', '/api/v1/project/sky', 'GetProject(sky)'],
    ['GET', '/api/v1/project/a%2Fb', 'GetProject(a%2Fb)'],
    ['POST', '/api/v1/project/sky/job/neo/instance', 'RegisterInstance(sky,neo)'],
    ['POST', '/api/v1beta1/project/sky/job/neo/run_input', 'JobRunInput(sky,neo)'],
    ['DELETE', '/api/v1beta1/project/p/namespace/n/job/j', 'DeleteJobSpecification(p,n,j)'],
    ['GET', '/api/v1beta1/window', 'GetWindow()'],
    ['GET', '/api/v1beta1/jobs', 'GetJobSpecifications()'],
    ['GET', '/api/v1/project/p/namespace/n/datastore/d/backup/b', 'GetBackup(p,n,d,b)'],
    ['GET', '/api/v1beta1/project/p/namespace/n/datastore/d/backup/b', 'GetBackup(p,n,d,b)'],
  ])('leads %s %s to %s', (method, path, expected) => {
    expect(find(method, path)).toBe(expected);
  });

  it('lets a literal win over a variable', () => {
    expect(find('POST', '/api/v1/project/p/replay/dryrun')).toBe('ReplayDryRun(p)');
    expect(find('GET', '/api/v1/project/p/replay/one')).toBe('GetReplayStatus(p,one)');
  });

  it.each([
    '/api/v1',
    '/v1/project',
    '/api/v2/project',
    '/api/v1/project/',
    '/api/v1/project/a/b',
    '/api/v1//sky',
  ])('leads %s nowhere', (path) => {
    expect(table.find(path)).toBeUndefined();
  });

  it('reaches every rpc that has an HTTP rule', () => {
    const paths = methods.flatMap(({ desc }) =>
      listHttpBindings(desc).map(({ method, path }) => [
        method,
        `/api${path.replaceAll(/\{\w+\}/g, 'x')}`,
        desc.name,
      ]),
    );
    expect(paths.length).toBeGreaterThan(35);
    for (const [method = '', path = '', name] of paths)
      expect(find(method, path)).toMatch(new RegExp(`^${name}\\(`));
  });

  it('refuses two methods at one place', () => {
    const [first, second] = [methods[0], methods[0]];
    const twin = { ...second, desc: { ...second?.desc, name: 'Twin' } } as unknown as BoundMethod;
    expect(() => new RouteTable([first as BoundMethod, twin])).toThrow(/leads to two methods/);
  });
});
