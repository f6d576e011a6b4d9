import { OptimusError, toSuggestion } from '@optimus/domain';
import type { Criterion, Selector, SelectorTerm } from './selector.ts';

/**
 * Reads a selector: terms separated by spaces are a union, terms joined by commas an intersection, which binds closer:
 * `+orders tag:team=ads,state:failed`. A term is a name, `tag:key=value`, `ns:name`, `changed:ref` or `state:name`; `+` before it adds
 * all jobs it waits for, `2+` those two levels up, and the same after it those that wait for it.
 * @throws OptimusError `REQUEST_INVALID`
 */
export function parseSelector(text: string): Selector {
  const unions = text.trim().split(/\s+/);
  if (unions[0] === '')
    throw refuse(text, 'is empty', 'name a job, or leave the selector out to mean all jobs');
  const parts = unions.map(parseIntersection);
  const [first] = parts;
  return first && parts.length === 1 ? first : { kind: 'union', parts };
}

function parseIntersection(text: string): Selector {
  const parts = text.split(',').map(parseTerm);
  const [first] = parts;
  return first && parts.length === 1 ? first : { kind: 'intersection', parts };
}

const TERM = /^(?:(\d*)\+)?([^+]*)(?:\+(\d*))?$/;

function parseTerm(text: string): SelectorTerm {
  const match = TERM.exec(text);
  if (!match)
    throw refuse(text, 'has a + in its middle', 'write + before or after one term, as in +job or job+2');
  const [, before, criterion = '', after] = match;
  if (criterion === '')
    throw refuse(text, 'has an empty term', 'put nothing but a space or one comma between terms');
  return {
    kind: 'term',
    criterion: parseCriterion(criterion),
    upstream: toLevels(before),
    downstream: toLevels(after),
    text,
  };
}

function toLevels(digits: string | undefined): number {
  if (digits === undefined) return 0;
  return digits === '' ? Number.POSITIVE_INFINITY : Number(digits);
}

const criteria: Readonly<Record<string, (value: string) => Criterion>> = {
  tag: parseTag,
  ns: (namespace) => ({ by: 'ns', namespace }),
  changed: (ref) => ({ by: 'changed', ref }),
  state: (state) => ({ by: 'state', state }),
};

function parseCriterion(text: string): Criterion {
  const colon = text.indexOf(':');
  if (colon < 0) return { by: 'name', pattern: text };
  const method = text.slice(0, colon);
  const value = text.slice(colon + 1);
  const parse = Object.hasOwn(criteria, method) ? criteria[method] : undefined;
  if (!parse) {
    const names = Object.keys(criteria);
    const hint = `before the colon stands one of ${names.join(', ')}`;
    throw refuse(text, `selects by "${method}", which is no criterion${toSuggestion(method, names)}`, hint);
  }
  if (value === '') throw refuse(text, 'says nothing after its colon', `write ${method}:something`);
  return parse(value);
}

function parseTag(text: string): Criterion {
  const equals = text.indexOf('=');
  if (equals < 0) return { by: 'tag', key: text, value: undefined };
  return { by: 'tag', key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function refuse(text: string, fault: string, hint: string): OptimusError {
  return new OptimusError('REQUEST_INVALID', {
    message: `selector ${JSON.stringify(text)} ${fault}`,
    hint,
    fields: { selector: text },
  });
}
