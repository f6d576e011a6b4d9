import { invariant } from '@optimus/domain';
import { type HttpBinding, listHttpBindings } from '@optimus/proto';
import type { BoundMethod } from '../call/call.ts';

/** An rpc as one HTTP method and path reach it. */
export interface Route {
  readonly method: BoundMethod;
  readonly binding: HttpBinding;
}

/** What a path leads to. */
export interface RouteMatch {
  /** HTTP method to route; never empty. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Segments that filled variables, in the path's order, still encoded. */
  readonly values: readonly string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  variable: Node | undefined;
  readonly routes: Map<string, Route>;
}

/** The paths of all methods that have an HTTP rule, under `/api`; those of `v1beta1` also under `v1`. */
export class RouteTable {
  readonly #root: Node = createNode();

  constructor(methods: readonly BoundMethod[]) {
    for (const method of methods) {
      for (const binding of listHttpBindings(method.desc)) {
        for (const path of listPaths(binding.path)) this.#add(path, { method, binding });
      }
    }
  }

  /** Finds by a path without its query. A literal segment wins over a variable. */
  find(path: string): RouteMatch | undefined {
    return findRoutes(this.#root, path.split('/').slice(1), []);
  }

  #add(path: string, route: Route): void {
    let node = this.#root;
    for (const segment of path.split('/').slice(1)) node = step(node, segment);
    const known = node.routes.get(route.binding.method);
    invariant(
      known === undefined || known.method.desc === route.method.desc,
      `${route.binding.method} ${path} leads to two methods`,
    );
    node.routes.set(route.binding.method, route);
  }
}

function listPaths(path: string): readonly string[] {
  const stable = path.replace(/^\/v1beta1\//, '/v1/');
  return stable === path ? [`/api${path}`] : [`/api${path}`, `/api${stable}`];
}

function createNode(): Node {
  return { literals: new Map(), variable: undefined, routes: new Map() };
}

function step(node: Node, segment: string): Node {
  invariant(!/[*:=]/.test(segment), `the path segment ${segment} is of a kind that no rpc of ours uses`);
  if (segment.startsWith('{')) {
    node.variable ??= createNode();
    return node.variable;
  }
  const next = node.literals.get(segment) ?? createNode();
  node.literals.set(segment, next);
  return next;
}

function findRoutes(
  node: Node,
  segments: readonly string[],
  values: readonly string[],
): RouteMatch | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return node.routes.size > 0 ? { routes: node.routes, values } : undefined;
  const literal = node.literals.get(segment);
  const found = literal && findRoutes(literal, rest, values);
  if (found || !node.variable || segment === '') return found;
  return findRoutes(node.variable, rest, [...values, segment]);
}
