import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { printWindows } from '../../output/print-windows.ts';
import { computeRows } from './window/compute-rows.ts';
import { playOnScreen } from './window/play-on-screen.ts';
import { createWindowState, type WindowState } from './window/window-state.ts';

/** `optimus playground window`: on a terminal to play with, else the table of what the flags say. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const state = readState(invocation);
  if (terminal.isInteractive && flags.text('output') === undefined) return playOnScreen(terminal, state);
  if (flags.text('output') === undefined) {
    terminal.note('there is no terminal to play on, so this is the table of the flags');
  }
  const result = computeRows(state);
  if (!result.ok) throw createUsageError(result.flag, `is refused: ${result.problem}`);
  await printWindows(invocation, result.rows, 'the schedule has no runs after this time');
}

function readState({ flags, terminal }: Invocation): WindowState {
  const version =
    flags.choice('spec-version', ['1', '2', '3'] as const) ?? (flags.isSet('v1-v2') ? '2' : '3');
  return createWindowState({
    version: Number(version),
    size: flags.text('size') ?? (version === '3' ? '1d' : '24h'),
    shiftBy: flags.text('shift-by') ?? '',
    truncateTo: flags.text('truncate-to') ?? 'd',
    location: flags.text('location') ?? '',
    interval: flags.text('interval') ?? '0 2 * * *',
    from: flags.instant('from') ?? terminal.now(),
    count: flags.runCount('next') ?? 5,
  });
}
