import type { NounSpec } from '../../command-line/command-spec.ts';
import { outputFlag } from '../../command-line/shared-flags.ts';

/** `optimus playground …`. */
export const playgroundCommand: NounSpec = {
  name: 'playground',
  description: 'try things out; needs no server and changes nothing',
  verbs: [
    {
      name: 'window',
      description: 'change a window with the arrow keys and see what the next runs cover',
      flags: [
        { flags: '--size <size>', description: 'how much a run covers (default: 1d, before version 3 24h)' },
        {
          flags: '--shift-by <span>',
          description: 'how far the window is moved; before version 3 its offset',
        },
        {
          flags: '--truncate-to <unit>',
          description: 'h, d, w, M, in version 3 y and None too (default: d)',
        },
        { flags: '--spec-version <version>', description: '1, 2 or 3 (default: 3)' },
        { flags: '--location <zone>', description: 'time zone of version 3 (default: UTC)' },
        { flags: '--interval <cron>', description: 'schedule of the runs (default: "0 2 * * *")' },
        { flags: '--from <time>', description: 'runs after this time (default: now)' },
        { flags: '--next <count>', description: 'so many runs, up to 1000 (default: 5)' },
        { flags: '--v1-v2', description: 'begin with version 2', isHidden: true },
        outputFlag,
      ],
      example: 'optimus playground window --size 1M --location Asia/Jakarta --interval "0 3 1 * *"',
      load: () => import('./window.ts'),
    },
  ],
};
