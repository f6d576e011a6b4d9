import type { SourceText, UnknownRead } from '@optimus/domain';
import { type InferenceProblem, inferResources } from './infer-resources.ts';
import { SQL_STORES } from './resource-urn.ts';

/**
 * The places in a job's SQL that keep what it reads from being known, each once: the name in a quote that never ends is too short as
 * well. Texts of parsers that nobody knows have none. Pure; linear.
 */
export function findUnknownReads(texts: readonly SourceText[]): readonly UnknownRead[] {
  return texts.flatMap(({ parser, name, text: sql }) => {
    const store = SQL_STORES.get(parser);
    if (!store) return [];
    const { problems } = inferResources({ store, texts: [{ name, sql }] });
    const byPlace = Map.groupBy(problems, ({ position }) => position.offset);
    return [...byPlace.values()].flatMap(([problem]) => (problem ? [toUnknownRead(problem)] : []));
  });
}

function toUnknownRead({ text, position: { line, column }, message }: InferenceProblem): UnknownRead {
  return { text, place: { line, column }, message };
}
