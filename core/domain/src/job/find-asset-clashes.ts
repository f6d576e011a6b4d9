import type { JobSpecProblem } from './job-spec-problem.ts';

/**
 * Assets that cannot lie beside each other on every disk: names that differ in case or in the spelling of a letter alone, and a file
 * whose name is that of a folder. A task on another host would find one of them in place of the other.
 */
export function findAssetClashes(names: readonly string[]): readonly JobSpecProblem[] {
  const taken = new Map<string, string>();
  const problems: JobSpecProblem[] = [];
  for (const name of names.toSorted()) {
    const other = taken.get(toComparable(name));
    if (other !== undefined) {
      const message = `cannot lie beside ${JSON.stringify(other)}: disks that ignore case take both for one; rename one of them`;
      problems.push({ path: `assets.${name}`, message });
    }
    taken.set(toComparable(name), name);
  }
  return [...problems, ...names.flatMap((name) => findFolderClash(name, taken))];
}

function findFolderClash(name: string, taken: ReadonlyMap<string, string>): readonly JobSpecProblem[] {
  const parts = name.split('/');
  const folders = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const file = folders.map((folder) => taken.get(toComparable(folder))).find((found) => found !== undefined);
  if (file === undefined) return [];
  const message = `lies in the folder ${JSON.stringify(file)}, which is an asset too; rename one of them`;
  return [{ path: `assets.${name}`, message }];
}

function toComparable(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
