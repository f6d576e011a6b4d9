import { type JobDependency, type JobName, parseJobName, parseProjectName } from '@optimus/domain';
import { type BuiltJobGraph, buildJobGraph } from './build-job-graph.ts';

export function job(name: string): JobName {
  return parseJobName(name);
}

/** A graph of project `lake` from each job's upstreams: `type:name`, or a name alone for a job of the project. */
export function graphOf(upstreams: Readonly<Record<string, readonly string[]>>): BuiltJobGraph {
  const jobs = Object.entries(upstreams).map(([name, names]) => ({
    name: job(name),
    dependencies: names.map(toDependency),
  }));
  return buildJobGraph({ project: parseProjectName('lake'), jobs });
}

function toDependency(text: string): JobDependency {
  const [, type, name] = /^(inter|http|extra):(.*)$/.exec(text) ?? [];
  if (type === 'inter' || type === 'http' || type === 'extra') return { type, name: name ?? '' };
  return { type: 'intra', name: text };
}

/** Numbers from 0 to 1 that depend on nothing but the seed, so that a failing graph can be drawn again. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A random graph without cycles: each job waits for some jobs of a smaller number; names are in no order. */
export function createRandomUpstreams(
  seed: number,
  size: number,
  mostUpstreams: number,
): Record<string, string[]> {
  const random = createRandom(seed);
  const names = Array.from({ length: size }, (_, index) => `job-${Math.floor(random() * 1e9)}-${index}`);
  const entries = names.map((name, index): [string, string[]] => {
    const count = index === 0 ? 0 : Math.floor(random() * (mostUpstreams + 1));
    return [name, Array.from({ length: count }, () => names[Math.floor(random() * index)] ?? name)];
  });
  return Object.fromEntries(entries.sort(() => random() - 0.5));
}
