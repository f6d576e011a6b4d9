const PATTERN = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/;
const MAX_LENGTH = 40;

/**
 * What is wrong with the name of a new plugin, or undefined. It becomes part of file names, where `_` separates, of an image's
 * reference and of a Go module's path: what all of them take is lower-case letters, digits and single dashes.
 */
export function findPluginNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > MAX_LENGTH) return `it has ${name.length} characters, ${MAX_LENGTH} are allowed`;
  if (name.startsWith('plugin-')) return 'files called optimus-plugin-… describe plugins in YAML';
  if (PATTERN.test(name)) return undefined;
  return 'use lower-case letters, digits and single dashes, beginning with a letter';
}
