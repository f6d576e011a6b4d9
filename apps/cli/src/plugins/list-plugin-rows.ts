import type { PluginEntry, PluginInfo } from '@optimus/domain';
import { toInstalledFile } from './installed-files.ts';

/** A plugin file of this machine and what becomes of it. */
export interface PluginRow {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly mods: readonly string[];
  readonly image: string;
  readonly path: string;
  /** `ready` is used, `failed` does not run, `shadowed` gives way to another file. */
  readonly state: 'ready' | 'failed' | 'shadowed';
  /** Why it failed, or what shadows it; empty for one that is used. */
  readonly problem: string;
}

/**
 * Every file of the entries, by name: those that are used or fail, and after each what it hides. `order` has the paths as the host prefers
 * them: of two plugins that call themselves by one name it uses the one whose file does as well, else the first.
 */
export function listPluginRows(
  entries: readonly PluginEntry[],
  order: readonly string[],
): readonly PluginRow[] {
  const used = findUsed(entries, order);
  const groups = entries.map((entry) => ({ entry, row: toRow(entry, used) }));
  const sorted = groups.toSorted((left, right) => compareRows(left.row, right.row));
  return sorted.flatMap(({ entry, row }) => [
    row,
    ...entry.shadows.map((file) => toShadowedRow(file, entry.path)),
  ]);
}

/** By name, and of one name the one that is used before the others. */
function compareRows(left: PluginRow, right: PluginRow): number {
  return (
    left.name.localeCompare(right.name, 'en') ||
    Number(left.state !== 'ready') - Number(right.state !== 'ready') ||
    left.path.localeCompare(right.path, 'en')
  );
}

const unknown = { kind: '', version: '', mods: [], image: '' };

function findUsed(entries: readonly PluginEntry[], order: readonly string[]): ReadonlyMap<string, string> {
  const rank = ({ path }: PluginEntry) => order.indexOf(path);
  const ready = entries.flatMap((entry) => (entry.state === 'ready' ? [entry] : []));
  const preferred = ready.toSorted(
    (left, right) => Number(isNamesake(right)) - Number(isNamesake(left)) || rank(left) - rank(right),
  );
  return new Map(preferred.toReversed().map(({ info, path }) => [keyOf(info), path]));
}

function isNamesake({ path, info }: Extract<PluginEntry, { state: 'ready' }>): boolean {
  return toInstalledFile(path).some(({ name }) => name === info.name);
}

function keyOf({ kind, name }: PluginInfo): string {
  return `${kind} ${name}`;
}

function toRow(entry: PluginEntry, used: ReadonlyMap<string, string>): PluginRow {
  const { path } = entry;
  if (entry.state === 'failed') {
    const [file] = toInstalledFile(path);
    const { name = '', version = '' } = file ?? {};
    return { ...unknown, name, version, path, state: 'failed', problem: entry.reason };
  }
  const { name, kind, version, mods, image } = entry.info;
  const winner = used.get(keyOf(entry.info)) ?? path;
  const isUsed = winner === path;
  const problem = isUsed ? '' : `shadowed by ${winner}, which has the same name`;
  return { name, kind, version, mods, image, path, state: isUsed ? 'ready' : 'shadowed', problem };
}

function toShadowedRow(path: string, by: string): PluginRow {
  const [file] = toInstalledFile(path);
  const { name = '', version = '' } = file ?? {};
  return { ...unknown, name, version, path, state: 'shadowed', problem: `shadowed by ${by}` };
}
