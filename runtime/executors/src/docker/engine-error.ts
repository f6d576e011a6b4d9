import { toErrorMessage } from '@optimus/domain';

/** HTTP status of an engine's answer; undefined when it did not answer. */
export function findStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

/** True when the engine says that there is no such thing. */
export function isNotFound(thrown: unknown): boolean {
  return findStatus(thrown) === 404;
}

/** True when the engine says that the name is taken, or that the thing is in that state already. */
export function isConflict(thrown: unknown): boolean {
  const status = findStatus(thrown);
  return status === 409 || status === 304;
}

/** What the engine said, without the client's own words around it. */
export function toEngineMessage(thrown: unknown): string {
  if (thrown instanceof Error && 'json' in thrown) {
    const { json } = thrown;
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
      return json.message;
  }
  return toErrorMessage(thrown);
}
