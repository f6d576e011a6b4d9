import type { OtherServer } from '@optimus/scheduler';
import { isOpenAddress, type ReadValue, type ValueKind } from './value-kind.ts';

/** Other Optimus servers; in the environment a JSON list. Problems show no value: headers may hold secrets. */
export const otherServers: ValueKind<readonly OtherServer[]> = {
  read(value): ReadValue<readonly OtherServer[]> {
    if (!Array.isArray(value)) return { problem: 'is not a list' };
    const servers = value.map(toServer);
    const wrong = servers.findIndex((server) => server === undefined);
    if (wrong >= 0)
      return {
        problem: `entry ${wrong + 1} is not a name, the type optimus, and a config of host and headers`,
      };
    const known = servers.filter((server) => server !== undefined);
    const names = known.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    return twice === undefined ? { value: known } : { problem: `the name "${twice}" is given twice` };
  },
  fromText: (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
};

function toServer(value: unknown): OtherServer | undefined {
  const { name, type, config } = toFields(value);
  const { host, headers = {} } = toFields(config);
  if (typeof name !== 'string' || name === '' || type !== 'optimus') return undefined;
  if (typeof host !== 'string' || !isOpenAddress(host)) return undefined;
  const entries = Object.entries(toFields(headers));
  const texts = entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
  return texts.length === entries.length ? { name, host, headers: Object.fromEntries(texts) } : undefined;
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
