import { expect, it } from 'vitest';
import { styleUsageError } from './style-usage-error.ts';

it('turns a suggestion into the next step', () => {
  expect(styleUsageError("error: unknown option '--hots'\n(Did you mean --host?)\n")).toBe(
    "Error: unknown option '--hots'\n  → did you mean --host?\n",
  );
});

it('points to the help where there is no suggestion', () => {
  expect(styleUsageError("error: missing required argument 'job'\n")).toBe(
    "Error: missing required argument 'job'\n  → see what there is with --help\n",
  );
});
