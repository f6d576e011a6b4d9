import type { VerbSpec } from './command-spec.ts';

/** Whether a command takes jobs by `--select`. */
export function takesSelector({ flags }: Pick<VerbSpec, 'flags'>): boolean {
  return flags.some((flag) => flag.flags.startsWith('--select '));
}
