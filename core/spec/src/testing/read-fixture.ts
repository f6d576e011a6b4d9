import { readFileSync } from 'node:fs';
import { computeWindow } from '@optimus/compiler';
import { type ComputeWindow, parseProjectName, usePresets } from '@optimus/domain';
import { type ParsedJob, parseJob } from '../job/parse-job.ts';

/** The released forms of the language, kept for ever. */
export const FIXTURES = ['version-1', 'version-2', 'version-3', 'version-3-preset'] as const;

/** The text of a fixture. */
export function readFixture(name: (typeof FIXTURES)[number]): string {
  return readFileSync(new URL(`../fixtures/${name}.yaml`, import.meta.url), 'utf8');
}

/** Windows of a project that has one preset, `yesterday`. */
const windowRule: ComputeWindow = usePresets(computeWindow, {
  name: parseProjectName('p'),
  presets: { yesterday: { description: '', size: '1d', truncateTo: 'd', shiftBy: '-1d' } },
});

/** Parses a text as `j/job.yaml` with nothing above it. What this version does not carry out is no problem of the language. */
export function parseText(text: string, assets: Readonly<Record<string, string>> = {}): ParsedJob {
  const parsed = parseJob({ file: 'j/job.yaml', text, assets }, { computeWindow: windowRule });
  return { ...parsed, problems: parsed.problems.filter(({ message }) => !/this version/.test(message)) };
}
