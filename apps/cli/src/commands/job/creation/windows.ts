import { present, type WindowSpec } from '@optimus/domain';

/** Daily truncates to the day, so that a run covers whole days. */
const WINDOWS: Readonly<Record<string, WindowSpec>> = {
  hourly: { size: '1h', offset: '0', truncateTo: 'h' },
  daily: { size: '24h', offset: '0', truncateTo: 'd' },
  weekly: { size: '168h', offset: '0', truncateTo: 'w' },
  monthly: { size: '720h', offset: '0', truncateTo: 'M' },
};

/** The windows that `job create` offers. */
export const WINDOW_NAMES: readonly string[] = Object.keys(WINDOWS);

/** The window of one of {@link WINDOW_NAMES}. */
export function toWindow(name: string): WindowSpec {
  return present(WINDOWS[name], `the window "${name}"`);
}
