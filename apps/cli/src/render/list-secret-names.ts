import type { JobSpec } from '@optimus/domain';

const REFERENCE = /\.secret\.([\p{L}_][\p{L}\p{Nd}_]*)/gu;

/** Names of the secrets that a specification refers to: where no server is asked, each of them is taken to be there. */
export function listSecretNames({ task, hooks, assets }: JobSpec): readonly string[] {
  const texts = [
    ...[task, ...hooks].flatMap(({ config }) => config.map(({ value }) => value)),
    ...hooks.map(({ when = '' }) => when),
    ...Object.values(assets),
  ];
  return [...new Set(texts.flatMap(findNames))].toSorted();
}

function findNames(text: string): readonly string[] {
  return Array.from(text.matchAll(REFERENCE), ([, name = '']) => name);
}
