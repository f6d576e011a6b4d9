import type { RegisteredProject } from '@optimus/domain';

/** What a registration did to presets, as the API answers it. */
export function toPresetChange({ change, kept }: Pick<RegisteredProject, 'change' | 'kept'>) {
  const { created, changed, deleted } = change;
  return {
    created: [...created],
    changed: [...changed],
    deleted: [...deleted],
    kept: kept.map(({ preset, job }) => ({ preset, jobName: job })),
  };
}
