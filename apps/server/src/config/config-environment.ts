import { toSuggestion } from '@optimus/domain';
import { CONFIG_KEYS, CONFIG_PATHS, readValue, toVariable } from './config-keys.ts';
import type { ConfigProblem, ConfigSource, GivenValue } from './config-source.ts';

/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the variables of the configuration's keys. One that is set but empty gives no value. */
export function parseConfigEnvironment(env: Environment): ConfigSource {
  const values: GivenValue[] = [];
  const problems: ConfigProblem[] = [];
  for (const key of CONFIG_PATHS) {
    const place = toVariable(key);
    const text = env[place];
    if (text === undefined || text === '') continue;
    const read = readValue(key, CONFIG_KEYS[key].fromText(text));
    if ('problem' in read) problems.push({ place, message: read.problem });
    else values.push({ key, value: read.value, place });
  }
  return { values, problems };
}

const SECTIONS = [...new Set(CONFIG_PATHS.map((path) => `${toVariable(path.split('.')[0] ?? '')}_`))];

/** One sentence a variable that looks like a key's and is none: other programs may have set it, so it is no error. */
export function findUnknownVariables(env: Environment): readonly string[] {
  const known = CONFIG_PATHS.map(toVariable);
  return Object.keys(env)
    .filter((name) => SECTIONS.some((section) => name.startsWith(section)) && !known.includes(name))
    .map((name) => `the variable ${name} is no key of the configuration${toSuggestion(name, known)}`);
}
