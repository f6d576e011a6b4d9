import type { FieldChange } from '@optimus/domain';
import { structuredPatch } from 'diff';

/** A field's change as lines: both values on one line, or a diff of texts that have several. */
export function toChangeLines({ path, before, after }: FieldChange): readonly string[] {
  const isText =
    [before, after].some((value) => value?.includes('\n') ?? false) || path.startsWith('assets/');
  if (!isText) return [`${path}: ${before ?? '(none)'} → ${after ?? '(none)'}`];
  const { hunks } = structuredPatch('', '', before ?? '', after ?? '', '', '', { context: 1 });
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith('\\'));
  return [`${path}:`, ...lines.map((line) => `  ${line}`)];
}
