import { type JobName, OptimusError, toSuggestion } from '@optimus/domain';
import type { JobGraph } from '../graph/job-graph.ts';
import type { Criterion, Selector, SelectorTerm } from './selector.ts';

/** A job as far as selectors see it. */
export interface SelectableJob {
  readonly name: JobName;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What jobs are selected from. */
export interface SelectionScope {
  readonly jobs: readonly SelectableJob[];
  readonly graph: Pick<JobGraph, 'upstreamsOf' | 'downstreamsOf'>;
  /** The jobs that differ from a git reference, by the reference. */
  readonly changed?: ReadonlyMap<string, ReadonlySet<JobName>>;
  /** The jobs whose last run is in a state, by the state. */
  readonly states?: ReadonlyMap<string, ReadonlySet<JobName>>;
}

/**
 * The jobs that a selector means, in the order of the scope. A pattern, a label or a state that no job has selects nothing.
 * @throws OptimusError `JOB_NOT_FOUND`, `NOT_FOUND` for names that are none, `REQUEST_INVALID` for a set that the caller did not give
 */
export function selectJobs(selector: Selector, scope: SelectionScope): readonly JobName[] {
  const selected = select(selector, scope);
  return scope.jobs.map(({ name }) => name).filter((name) => selected.has(name));
}

function select(selector: Selector, scope: SelectionScope): ReadonlySet<JobName> {
  switch (selector.kind) {
    case 'union':
      return new Set(selector.parts.flatMap((part) => [...select(part, scope)]));
    case 'intersection':
      return intersect(selector.parts.map((part) => select(part, scope)));
    case 'term':
      return reach(selector, scope);
  }
}

function intersect(sets: ReadonlyArray<ReadonlySet<JobName>>): ReadonlySet<JobName> {
  const [first = new Set<JobName>(), ...others] = sets;
  return new Set([...first].filter((name) => others.every((other) => other.has(name))));
}

function reach({ criterion, upstream, downstream, text }: SelectorTerm, scope: SelectionScope) {
  const starts = findStarts(criterion, text, scope);
  const { graph } = scope;
  return new Set([
    ...walk(starts, upstream, (name) => graph.upstreamsOf(name)),
    ...walk(starts, downstream, (name) => graph.downstreamsOf(name)),
  ]);
}

/** Everything within some levels of any start, the starts included. Linear in the jobs and dependencies passed. */
function walk(
  starts: Iterable<JobName>,
  levels: number,
  next: (name: JobName) => readonly JobName[],
): ReadonlySet<JobName> {
  const reached = new Set(starts);
  let outermost = [...reached];
  for (let level = 0; level < levels && outermost.length > 0; level += 1) {
    const neighbours = outermost.flatMap(next);
    outermost = [];
    for (const name of neighbours) {
      if (reached.has(name)) continue;
      reached.add(name);
      outermost.push(name);
    }
  }
  return reached;
}

function findStarts(criterion: Criterion, text: string, scope: SelectionScope): Iterable<JobName> & object {
  switch (criterion.by) {
    case 'name':
      return findByName(criterion.pattern, scope);
    case 'tag':
      return findNames(scope, ({ labels }) => hasLabel(labels, criterion));
    case 'ns':
      return findByNamespace(criterion.namespace, scope);
    case 'changed':
      return scope.changed?.get(criterion.ref) ?? refuseSet(text);
    case 'state':
      return scope.states?.get(criterion.state) ?? refuseState(text, criterion.state, scope.states);
  }
}

function findNames({ jobs }: SelectionScope, isWanted: (job: SelectableJob) => boolean): readonly JobName[] {
  return jobs.filter(isWanted).map(({ name }) => name);
}

function hasLabel(
  labels: Readonly<Record<string, string>>,
  { key, value }: Extract<Criterion, { by: 'tag' }>,
): boolean {
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}

function findByName(pattern: string, scope: SelectionScope): readonly JobName[] {
  if (pattern.includes('*')) {
    const parts = pattern.split('*');
    return findNames(scope, ({ name }) => matchesParts(name, parts));
  }
  const found = findNames(scope, ({ name }) => name === pattern);
  if (found.length > 0) return found;
  const suggestion = toSuggestion(
    pattern,
    scope.jobs.map(({ name }) => name),
  );
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `there is no job "${pattern}"${suggestion}`,
    hint: 'correct the name, or select several jobs by a pattern such as orders-*',
    fields: { job: pattern },
  });
}

/** Whether a name consists of the parts with anything between them. No regular expression: patterns come from anybody. */
function matchesParts(name: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop() ?? '';
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last) || end < first.length) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

function findByNamespace(namespace: string, scope: SelectionScope): readonly JobName[] {
  const found = findNames(scope, (job) => job.namespace === namespace);
  if (found.length > 0) return found;
  const known = new Set(scope.jobs.map((job) => job.namespace));
  throw new OptimusError('NOT_FOUND', {
    message: `no job is in namespace "${namespace}"${toSuggestion(namespace, known)}`,
    hint: 'correct the name of the namespace',
    fields: { namespace },
  });
}

function refuseState(text: string, state: string, states: SelectionScope['states']): never {
  if (!states) refuseSet(text);
  throw new OptimusError('REQUEST_INVALID', {
    message: `selector ${JSON.stringify(text)}: no run can be ${JSON.stringify(state)}${toSuggestion(state, states.keys())}`,
    hint: `states: ${[...states.keys()].join(', ')}`,
    fields: { selector: text },
  });
}

function refuseSet(text: string): never {
  throw new OptimusError('REQUEST_INVALID', {
    message: `selector ${JSON.stringify(text)} cannot be answered here`,
    hint: 'changed: works where the repository is, state: where the runs are',
    fields: { selector: text },
  });
}
