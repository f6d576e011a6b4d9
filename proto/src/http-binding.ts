import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf';
import { http } from './gen/google/api/annotations_pb.ts';
import type { HttpRule } from './gen/google/api/http_pb.ts';

export { http } from './gen/google/api/annotations_pb.ts';
export type { HttpRule } from './gen/google/api/http_pb.ts';

/** One HTTP method and path that reach an rpc, from its `google.api.http` option. */
export interface HttpBinding {
  /** Upper case, such as `GET`. */
  readonly method: string;
  /** Path template as annotated, such as `/v1beta1/project/{project_name}`; without the `/api` it is served under. */
  readonly path: string;
  /** Names of the request fields (snake_case) the path fills, in the path's order. */
  readonly pathFields: ReadonlyArray<string>;
  /** Request field the body fills; `*` for the whole request; empty when the call takes no body. */
  readonly body: string;
}

/** Lists the ways to an rpc over HTTP, the main one first; empty for an rpc that only gRPC reaches. */
export function listHttpBindings(method: DescMethod): ReadonlyArray<HttpBinding> {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].flatMap(toBinding);
}

function toBinding(rule: HttpRule): HttpBinding[] {
  const { pattern } = rule;
  if (pattern.case === undefined) return [];
  if (pattern.case === 'custom') return [createBinding(pattern.value.kind, pattern.value.path, rule.body)];
  return [createBinding(pattern.case.toUpperCase(), pattern.value, rule.body)];
}

function createBinding(method: string, path: string, body: string): HttpBinding {
  const pathFields = [...path.matchAll(/\{([^}=]+)/g)].flatMap((match) => match[1] ?? []);
  return { method, path, pathFields, body };
}
