import { readdir } from 'node:fs/promises';
import type { NamespaceConfig } from '../../config/client-config.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** Says which resource specifications stay behind: this version deploys jobs alone, and silence would look like success. */
export async function noteSkippedResources(
  namespaces: readonly NamespaceConfig[],
  terminal: Terminal,
): Promise<void> {
  for (const { name, datastores } of namespaces) {
    const counts = await Promise.all(datastores.map(({ path }) => countResources(path)));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) continue;
    const warning = terminal.style('yellow', 'Warning:', 'stderr');
    const resources = total === 1 ? '1 resource' : `${total} resources`;
    const verb = total === 1 ? 'is' : 'are';
    terminal.note(`${warning} ${resources} of namespace ${name} ${verb} not deployed by this version`);
  }
}

async function countResources(folder: string): Promise<number> {
  const names: readonly string[] = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /(^|[/\\])resource\.yaml$/.test(name)).length;
}
