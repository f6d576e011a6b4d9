import { beforeEach, expect, it } from 'vitest';
import { registerNamespace } from '../namespace/register-namespace.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { registerProject } from '../project/register-project.ts';
import {
  createInMemoryJobs,
  createInMemoryNamespaces,
  createInMemoryProjects,
  createInMemorySecrets,
} from '../testing/in-memory-ports.ts';
import { computeDayWindow } from '../testing/job-fixtures.ts';
import { createSecret, deleteSecret, listSecrets, MAX_SECRET_BYTES, updateSecret } from './manage-secrets.ts';

let deps: {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
};
const key = { project: 'space', namespace: '', name: 'API_KEY' };

beforeEach(async () => {
  const projects = createInMemoryProjects();
  deps = { projects, namespaces: createInMemoryNamespaces(projects), secrets: createInMemorySecrets() };
  const rest = { jobs: createInMemoryJobs(), computeWindow: computeDayWindow };
  await registerProject({ ...deps, ...rest }, { name: 'space', config: { bucket: 'b' } });
  await registerNamespace(deps, { project: 'space', name: 'sky', config: { bucket: 'c' } });
});

it('stores a configuration under upper-case keys', async () => {
  const [project] = await deps.projects.list();
  expect(project?.config).toEqual({ BUCKET: 'b' });
});

it('keeps a secret of a project apart from one of its namespace', async () => {
  await createSecret(deps, key, 'shared');
  await createSecret(deps, { ...key, namespace: 'sky' }, 'own');
  const listed = await listSecrets(deps, 'space');
  expect(listed.map(({ namespace }) => namespace)).toEqual([undefined, 'sky']);
  await deleteSecret(deps, key);
  expect(await listSecrets(deps, 'space')).toHaveLength(1);
});

it('creates once and updates what exists', async () => {
  await expect(updateSecret(deps, key, 'v')).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
  await createSecret(deps, key, 'v');
  await expect(createSecret(deps, key, 'v')).rejects.toMatchObject({ code: 'SECRET_EXISTS' });
  await expect(updateSecret(deps, key, 'w')).resolves.toBeUndefined();
});

it('refuses an empty value and one above a mebibyte', async () => {
  await expect(createSecret(deps, key, '')).rejects.toThrow('the value of secret "API_KEY" is empty');
  const large = 'ä'.repeat(MAX_SECRET_BYTES / 2);
  await expect(createSecret(deps, key, large)).resolves.toBeUndefined();
  await expect(updateSecret(deps, key, `${large}x`)).rejects.toMatchObject({ code: 'SECRET_INVALID' });
});

it('refuses names that are reserved or not names, and unknown places', async () => {
  await expect(createSecret(deps, { ...key, name: '_OPTIMUS_X' }, 'v')).rejects.toMatchObject({
    code: 'NAME_INVALID',
  });
  await expect(createSecret(deps, { ...key, namespace: 'sea' }, 'v')).rejects.toMatchObject({
    code: 'NAMESPACE_NOT_FOUND',
  });
});
