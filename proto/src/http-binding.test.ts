import { expect, it } from 'vitest';
import { core, grpc, listHttpBindings } from './index.ts';

it('answers method, path, path fields and body of an annotated rpc', () => {
  expect(listHttpBindings(core.SecretService.method.updateSecret)).toEqual([
    {
      method: 'PUT',
      path: '/v1beta1/project/{project_name}/secret/{secret_name}',
      pathFields: ['project_name', 'secret_name'],
      body: '*',
    },
  ]);
});

it('answers an empty body for a rule without one', () => {
  expect(listHttpBindings(core.ProjectService.method.listProjects)).toEqual([
    { method: 'GET', path: '/v1beta1/project', pathFields: [], body: '' },
  ]);
});

it('answers nothing for an rpc without a rule', () => {
  expect(listHttpBindings(grpc.Health.method.check)).toEqual([]);
});
