/**
 * The groups of nodes that reach each other, each sorted, in order of their first member. A node that only points at
 * itself is a group of one.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const groups = findStrongComponents(graph);
  const cycles = groups.filter(
    ([only, ...rest]) => rest.length > 0 || graph.get(only ?? '')?.includes(only ?? ''),
  );
  return cycles.map((group) => group.toSorted()).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

interface Search {
  readonly graph: ReadonlyMap<string, readonly string[]>;
  readonly order: Map<string, number>;
  readonly stack: string[];
  readonly groups: string[][];
}

/** Tarjan's algorithm. */
function findStrongComponents(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const search: Search = { graph, order: new Map(), stack: [], groups: [] };
  for (const node of graph.keys()) {
    if (!search.order.has(node)) visit(search, node);
  }
  return search.groups;
}

function visit(search: Search, node: string): number {
  const number = search.order.size;
  search.order.set(node, number);
  search.stack.push(node);
  let lowest = number;
  for (const next of search.graph.get(node) ?? []) {
    if (!search.order.has(next)) lowest = Math.min(lowest, visit(search, next));
    else if (search.stack.includes(next)) lowest = Math.min(lowest, search.order.get(next) ?? lowest);
  }
  if (lowest === number) search.groups.push(search.stack.splice(search.stack.indexOf(node)));
  return lowest;
}
