import { expect, it } from 'vitest';
import { findPluginSecret, findSecretOwner, listSecretsFor } from './plugin-secret.ts';

const secrets = { KEY: 'k', TASK_BQ2BQ: 't', HOOK_BQ2BQ: 'h', task_my_plugin: 'm' };

it('finds the secret of a plugin by kind and name, whatever the case, a dash as an underscore', () => {
  expect(findPluginSecret(secrets, 'task', 'bq2bq')).toEqual({ name: 'TASK_BQ2BQ', value: 't' });
  expect(findPluginSecret(secrets, 'hook', 'bq2bq')).toEqual({ name: 'HOOK_BQ2BQ', value: 'h' });
  expect(findPluginSecret(secrets, 'task', 'my-plugin')).toEqual({ name: 'TASK_MY_PLUGIN', value: 'm' });
  expect(findPluginSecret(secrets, 'task', 'neo')).toBeUndefined();
});

it("shows an instance its own plugin's secret and no other plugin's", () => {
  expect(listSecretsFor(secrets, { type: 'task', name: 'bq2bq' })).toEqual({ KEY: 'k', TASK_BQ2BQ: 't' });
  expect(listSecretsFor(secrets, { type: 'hook', name: 'bq2bq' })).toEqual({ KEY: 'k', HOOK_BQ2BQ: 'h' });
  expect(listSecretsFor(secrets, { type: 'task', name: 'neo' })).toEqual({ KEY: 'k' });
});

it.each([
  ['TASK_BQ2BQ', { kind: 'task', plugin: 'BQ2BQ' }],
  ['task_my-plugin', { kind: 'task', plugin: 'MY_PLUGIN' }],
  ['Hook_http', { kind: 'hook', plugin: 'HTTP' }],
  ['token', undefined],
  ['TASKS', undefined],
  ['my_task_token', undefined],
])('the owner of %s by its name is %j', (name, owner) => {
  expect(findSecretOwner(name)).toEqual(owner);
});
