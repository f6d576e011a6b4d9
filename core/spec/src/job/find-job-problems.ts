import {
  type ComputeWindow,
  findJobSpecProblems,
  type JobSpec,
  type JobSpecProblem,
  OptimusError,
} from '@optimus/domain';
import type { PathProblem } from '../yaml/yaml-file.ts';
import { toFieldPath } from './field-path.ts';
import type { JobFragment } from './job-schema.ts';

type Path = readonly PropertyKey[];

const REQUIRED: readonly (readonly [string, ...string[]])[] = [
  ['version'],
  ['name'],
  ['owner'],
  ['schedule', 'start_date'],
  ['task', 'name'],
];

/** What a job is judged with besides itself. */
export interface JobRules {
  readonly computeWindow: ComputeWindow;
}

/** What its values mean together, after inheriting. What is reported already is not told again, nor what follows from it. */
export function findJobProblems(
  fragment: JobFragment,
  spec: JobSpec,
  { computeWindow }: JobRules,
  reported: readonly Path[],
): readonly PathProblem[] {
  const missing = listMissing(fragment).map((path) => ({ path, message: `${path.join('.')} is missing` }));
  const isNews = ({ path }: PathProblem) => !reported.some((known) => isRelated(path, known));
  const fresh = missing.filter(isNews);
  const known = [...reported, ...missing.map(({ path }) => path)];
  const found = [
    ...findJobSpecProblems(spec, computeWindow).map((problem) => toPathProblem(problem, spec, computeWindow)),
    ...findRepeatedHooks(fragment),
    ...findLabelProblems(spec),
  ];
  return [...fresh, ...found.filter(({ path }) => !followsFrom(path, known))];
}

/** Whether a fragment has all that a job needs, and nothing of it was refused. */
export function isWhole(fragment: JobFragment, reported: readonly Path[]): boolean {
  return reported.length === 0 && listMissing(fragment).length === 0;
}

function listMissing(fragment: JobFragment): readonly Path[] {
  return REQUIRED.filter((path) => isAbsent(fragment, path));
}

function isAbsent(fragment: object, path: Path): boolean {
  let value: unknown = fragment;
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return value === undefined || value === null || value === '';
}

/** A window is computed from three parts of a job: an error in one makes what it says of the others doubtful. */
function followsFrom(path: Path, known: readonly Path[]): boolean {
  const isWindow = path[0] === 'task' && path[1] === 'window';
  const causes: readonly Path[] = isWindow
    ? [['task', 'window'], ['version'], ['schedule', 'interval'], ['schedule', 'timezone']]
    : [path];
  return causes.some((cause) => known.some((other) => isRelated(cause, other)));
}

/** Whether one of the paths lies on the way to the other. */
function isRelated(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => String(step) === String(other[index]));
}

function toPathProblem(problem: JobSpecProblem, spec: JobSpec, computeWindow: ComputeWindow): PathProblem {
  const { path: field, message } = problem;
  if (field === 'task.window') {
    const path = ['task', 'window', ...nameWindowPart(spec, computeWindow)];
    return { path, message: `task.window: ${message}` };
  }
  return {
    path: toFieldPath(field, spec),
    message: field.startsWith('assets.') ? message : `${field} ${message}`,
  };
}

/** The field of the window that is wrong; the rules name it in their error. */
function nameWindowPart(spec: JobSpec, computeWindow: ComputeWindow): readonly string[] {
  try {
    computeWindow(spec, new Date('2024-02-29T12:34:56Z'));
    return [];
  } catch (thrown) {
    const { field, preset } = thrown instanceof OptimusError ? thrown.fields : {};
    if (field !== undefined) return [field];
    return preset === undefined ? [] : ['preset'];
  }
}

function findRepeatedHooks({ hooks }: JobFragment): readonly PathProblem[] {
  const names = hooks.map(({ name }) => name);
  return names.flatMap((name, index) => {
    const message = `hooks.${index}.name ${JSON.stringify(name)} is listed twice; a hook runs once, remove one`;
    return names.indexOf(name) < index ? [{ path: ['hooks', index, 'name'], message }] : [];
  });
}

const LABEL = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const MOST_LABELS = 32;

/** Versions 1 and 2 took any labels; version 3 takes those that every scheduler and metrics store takes. */
function findLabelProblems({ version, labels }: JobSpec): readonly PathProblem[] {
  if (version < 3) return [];
  const entries = Object.entries(labels);
  const form = 'must have 1 to 63 of a-z, 0-9, "_" and "-", a letter or digit first and last';
  const wrong = entries.flatMap(([name, value]) => [
    ...(LABEL.test(name)
      ? []
      : [
          {
            path: ['labels', name],
            what: 'key' as const,
            message: `the label ${JSON.stringify(name)} ${form}`,
          },
        ]),
    ...(LABEL.test(value)
      ? []
      : [{ path: ['labels', name], message: `labels.${name} is ${JSON.stringify(value)}, ${form}` }]),
  ]);
  if (entries.length <= MOST_LABELS) return wrong;
  return [
    ...wrong,
    { path: ['labels'], message: `labels has ${entries.length} entries, at most ${MOST_LABELS} are allowed` },
  ];
}
