import type { Assets, Configs } from '@optimus/proto/plugins';
import type { Entries } from '../plugin.ts';

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Of two entries with one name the later wins. */
export function fromNamedValues(values: ReadonlyArray<NamedValue>): Entries {
  return Object.freeze(Object.fromEntries(values.map(({ name, value }) => [name, value])));
}

export function toNamedValues(entries: Entries): Array<{ name: string; value: string }> {
  return Object.entries(entries).map(([name, value]) => ({ name, value }));
}

export function fromConfigs(message: Configs | undefined): Entries {
  return fromNamedValues(message?.configs ?? []);
}

export function fromAssets(message: Assets | undefined): Entries {
  return fromNamedValues(message?.assets ?? []);
}
