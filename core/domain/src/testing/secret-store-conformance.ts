import { describe, expect, it } from 'vitest';
import { parseNamespaceName } from '../namespace/namespace.ts';
import { parseSecretName } from '../secret/secret.ts';
import { type GetStorePorts, makeProjectName, makeTenant } from './store-ports.ts';

const KEY = parseSecretName('API_KEY');

/** What every store of secrets promises. */
export function describeSecretStore(getPorts: GetStorePorts): void {
  describe('a secret store', () => {
    it('gives back any value byte by byte', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      const value = 'quotes \' " `back` $HOME\n\ttabs ünïcødé 🌍 \\ and "nothing" after';
      await ports.secrets.create({ project }, KEY, value);
      expect(await ports.secrets.readAll(project, namespace)).toEqual({ API_KEY: value });
    });

    it('has nothing to encrypt again under the key under which it was encrypted', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.secrets.create({ project }, KEY, 'a');
      const before = await ports.secrets.list(project);
      expect(await ports.secrets.rotateKey()).toEqual({ rotated: 0, unreadable: [] });
      expect(await ports.secrets.readAll(project, namespace)).toEqual({ API_KEY: 'a' });
      expect(await ports.secrets.list(project)).toEqual(before);
    });

    it('lets the value of a namespace win over that of its project, there alone', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.secrets.create({ project, namespace }, KEY, 'narrow');
      await ports.secrets.create({ project }, KEY, 'wide');
      expect(await ports.secrets.readAll(project, namespace)).toEqual({ API_KEY: 'narrow' });
      expect(await ports.secrets.readAll(project, parseNamespaceName('other'))).toEqual({ API_KEY: 'wide' });
    });

    it('refuses to create a secret twice in one scope, and to update or delete one that is not there', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.secrets.create({ project }, KEY, 'a');
      await expect(ports.secrets.create({ project }, KEY, 'b')).rejects.toMatchObject({
        code: 'SECRET_EXISTS',
      });
      const absent = { code: 'SECRET_NOT_FOUND' };
      await expect(ports.secrets.update({ project, namespace }, KEY, 'b')).rejects.toMatchObject(absent);
      await expect(ports.secrets.delete({ project, namespace }, KEY)).rejects.toMatchObject(absent);
      await expect(ports.secrets.delete({ project: makeProjectName() }, KEY)).rejects.toMatchObject(absent);
    });

    it('refuses a secret of an unknown project or namespace', async () => {
      const ports = getPorts();
      const { project } = await makeTenant(ports);
      const namespace = parseNamespaceName('nowhere');
      await expect(ports.secrets.create({ project: makeProjectName() }, KEY, 'a')).rejects.toMatchObject({
        code: 'PROJECT_NOT_FOUND',
      });
      await expect(ports.secrets.create({ project, namespace }, KEY, 'a')).rejects.toMatchObject({
        code: 'NAMESPACE_NOT_FOUND',
      });
    });

    it('updates and deletes the secret of one scope and leaves the other', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.secrets.create({ project }, KEY, 'wide');
      await ports.secrets.create({ project, namespace }, KEY, 'narrow');
      await ports.secrets.update({ project, namespace }, KEY, 'new');
      expect(await ports.secrets.readAll(project, namespace)).toEqual({ API_KEY: 'new' });
      await ports.secrets.delete({ project, namespace }, KEY);
      expect(await ports.secrets.readAll(project, namespace)).toEqual({ API_KEY: 'wide' });
    });

    it('lists digests, equal for equal values, and never a value', async () => {
      const ports = getPorts();
      const { project, namespace } = await makeTenant(ports);
      await ports.secrets.create({ project, namespace }, KEY, 'hush-hush');
      await ports.secrets.create({ project }, KEY, 'hush-hush');
      await ports.secrets.create({ project }, parseSecretName('ANOTHER'), 'different');
      const listed = await ports.secrets.list(project);
      expect(listed.map(({ name, namespace: scope }) => [name, scope])).toEqual([
        ['ANOTHER', undefined],
        ['API_KEY', undefined],
        ['API_KEY', namespace],
      ]);
      expect(listed[1]?.digest).toBe(listed[2]?.digest);
      expect(listed[0]?.digest).not.toBe(listed[1]?.digest);
      expect(JSON.stringify(listed)).not.toContain('hush');
    });
  });
}
