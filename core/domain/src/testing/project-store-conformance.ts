import { describe, expect, it } from 'vitest';
import { parseNamespaceName } from '../namespace/namespace.ts';
import { type GetStorePorts, makeProjectName, makeTenant } from './store-ports.ts';

/** What every store of projects and namespaces promises. */
export function describeProjectStore(getPorts: GetStorePorts): void {
  describe('a project store', () => {
    it('finds a project as it was saved last', async () => {
      const { projects } = getPorts();
      const name = makeProjectName();
      await projects.save({ name, config: { BUCKET: 'a', 'ODD "KEY"': '{{.x}}\n' } });
      expect(await projects.find(name)).toEqual({ name, config: { BUCKET: 'a', 'ODD "KEY"': '{{.x}}\n' } });
      await projects.save({ name, config: {} });
      expect(await projects.find(name)).toEqual({ name, config: {} });
    });

    it('keeps the presets of a project until it is saved without them', async () => {
      const { projects } = getPorts();
      const name = makeProjectName();
      const presets = { day: { description: 'ünï', size: '1d', truncateTo: '', location: 'Asia/Jakarta' } };
      await projects.save({ name, config: {}, presets });
      expect(await projects.find(name)).toEqual({ name, config: {}, presets });
      expect(await projects.list()).toContainEqual({ name, config: {}, presets });
      await projects.save({ name, config: {} });
      expect(await projects.find(name)).toEqual({ name, config: {} });
    });

    it('finds nothing under a name that was never saved', async () => {
      expect(await getPorts().projects.find(makeProjectName())).toBeUndefined();
    });

    it('lists every project once, sorted by name', async () => {
      const { projects } = getPorts();
      const name = makeProjectName();
      await projects.save({ name, config: {} });
      await projects.save({ name, config: { A: 'b' } });
      const names = (await projects.list()).map((project) => project.name);
      expect(names.filter((other) => other === name)).toHaveLength(1);
      expect(names).toEqual([...names].sort());
    });
  });

  describe('a namespace store', () => {
    it('keeps namespaces by project, sorted by name', async () => {
      const ports = getPorts();
      const { project } = await makeTenant(ports);
      const other = await makeTenant(ports);
      const name = parseNamespaceName('earth');
      await ports.namespaces.save({ project, name, config: { A: 'b' } });
      expect((await ports.namespaces.list(project)).map((one) => one.name)).toEqual(['earth', 'sky']);
      expect(await ports.namespaces.find(project, name)).toEqual({ project, name, config: { A: 'b' } });
      expect(await ports.namespaces.find(other.project, name)).toBeUndefined();
    });

    it('refuses a namespace of a project that is not registered', async () => {
      const saving = getPorts().namespaces.save({
        project: makeProjectName(),
        name: parseNamespaceName('sky'),
        config: {},
      });
      await expect(saving).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    });
  });
}
