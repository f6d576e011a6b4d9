import { beforeEach, expect, it } from 'vitest';
import { getNamespace, listNamespaces, registerNamespace } from '../namespace/register-namespace.ts';
import type { NamespaceStore } from '../ports/project-store.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryProjects,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow } from '../testing/job-fixtures.ts';
import { getProject, listProjects, registerProject } from './register-project.ts';

let deps: Parameters<typeof registerProject>[0] & { readonly namespaces: NamespaceStore };

beforeEach(() => {
  const projects = createInMemoryProjects();
  deps = {
    projects,
    namespaces: createInMemoryNamespaces(projects),
    jobs: createInMemoryJobs(),
    computeWindow: computeDayWindow,
  };
});

it('creates a project, or replaces its configuration, keys in upper case', async () => {
  await registerProject(deps, { name: 'space', config: { storage_path: 'a', Bucket: 'b' } });
  await registerProject(deps, { name: 'space', config: { storage_path: 'c' } });
  expect((await getProject(deps, 'space')).config).toEqual({ STORAGE_PATH: 'c' });
});

it('lists projects and the namespaces of one by name', async () => {
  for (const name of ['sea', 'air']) await registerProject(deps, { name, config: {} });
  for (const name of ['two', 'one'])
    await registerNamespace(deps, { project: 'sea', name, config: { a: name } });
  expect((await listProjects(deps)).map(({ name }) => name)).toEqual(['air', 'sea']);
  expect((await listNamespaces(deps, 'sea')).map(({ name, config }) => [name, config])).toEqual([
    ['one', { A: 'one' }],
    ['two', { A: 'two' }],
  ]);
  expect(await listNamespaces(deps, 'air')).toEqual([]);
});

it('says what is not registered, with the nearest name and the command that registers it', async () => {
  await expect(registerNamespace(deps, { project: 'sea', name: 'one', config: {} })).rejects.toMatchObject({
    code: 'PROJECT_NOT_FOUND',
    message: 'project "sea" is not registered',
    hint: 'register it with: optimus project register',
  });
  await registerProject(deps, { name: 'sea', config: {} });
  await registerNamespace(deps, { project: 'sea', name: 'deep', config: {} });
  await expect(getNamespace(deps, 'sea', 'depe')).rejects.toMatchObject({
    code: 'NAMESPACE_NOT_FOUND',
    message: 'namespace "depe" is not registered in project "sea", did you mean "deep"?',
  });
});

it('refuses a name that is none', async () => {
  await expect(registerProject(deps, { name: 'a b', config: {} })).rejects.toMatchObject({
    code: 'NAME_INVALID',
  });
  await expect(getProject(deps, '')).rejects.toMatchObject({ code: 'NAME_INVALID' });
});
