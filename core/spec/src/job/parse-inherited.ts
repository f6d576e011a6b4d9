import { checkShape } from '../yaml/check-shape.ts';
import type { FileProblem } from '../yaml/file-problem.ts';
import { loadYaml } from '../yaml/load-yaml.ts';
import { locateProblems } from '../yaml/locate-problems.ts';
import type { YamlFile } from '../yaml/yaml-file.ts';
import { inherit } from './inherit.ts';
import { inheritedSchema, type JobFragment } from './job-schema.ts';

/** What the jobs of a folder inherit, from all folders above. */
export interface Inheritance {
  readonly fragment: JobFragment;
  /** The files it comes from, the nearest first. */
  readonly files: readonly YamlFile[];
  /** Paths whose values were wrong there, and reported there: that they are absent is not the job's fault. */
  readonly reported: readonly (readonly PropertyKey[])[];
}

/** A `this.yaml`, joined with what its own folder inherits. */
export interface ParsedInheritance {
  readonly inheritance: Inheritance;
  readonly problems: readonly FileProblem[];
}

/** Parses a `this.yaml`. What is wrong in it is told, and the rest is inherited. */
export function parseInherited(source: YamlFile, above?: Inheritance): ParsedInheritance {
  const loaded = loadYaml(source);
  const { value, problems } = checkShape(inheritedSchema, loaded.value ?? {});
  const located = [...loaded.problems, ...locateProblems([source], problems)];
  // A text that cannot be read might have said anything.
  const reported = loaded.value === undefined ? [[]] : problems.map(({ path }) => path);
  const own = { fragment: { ...(value ?? EMPTY), name: undefined }, files: [source], reported };
  return { inheritance: above ? joinInheritance(own, above) : own, problems: located };
}

const EMPTY = inheritedSchema.parse({});

function joinInheritance(own: Inheritance, above: Inheritance): Inheritance {
  return {
    fragment: inherit(own.fragment, above.fragment),
    files: [...own.files, ...above.files],
    reported: [...own.reported, ...above.reported],
  };
}
