import { parseNamespaceName, parseProjectName, toErrorMessage } from '@optimus/domain';
import { count, flag, listOf, optionalText, section, text, textMap } from '@optimus/spec';
import { z } from 'zod';

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'WARN', 'ERROR', 'FATAL'];

const log = section({
  level: text
    .refine((level) => LOG_LEVELS.includes(level.toUpperCase()), {
      error: (issue) => `is ${JSON.stringify(issue.input)}, must be one of ${LOG_LEVELS.join(', ')}`,
    })
    .nullish(),
  format: optionalText,
});

const datastore = section({
  type: text,
  path: text,
  backup: textMap,
});

/** The key that limits the runs under way; what is no number would limit nothing, without a word. */
const LIMIT_KEY = 'MAX_ACTIVE_RUNS';

const config = textMap.superRefine(({ [LIMIT_KEY]: limit = '' }, context) => {
  if (/^\d{0,9}$/.test(limit)) return;
  const message = `is ${JSON.stringify(limit)}, must be a whole number; 0 lets nothing begin`;
  context.addIssue({ code: 'custom', path: [LIMIT_KEY], message });
});

const namespace = section({
  name: nameOf(parseNamespaceName),
  config,
  job: section({ path: text }).nullish(),
  datastore: listOf(datastore),
});

const SHA_256 = /^[\da-f]{64}$/i;

/** SHA-256 by the name of a plugin's file. */
export const checksums = z.record(
  z.string(),
  text.regex(SHA_256, { error: 'is not a SHA-256 of 64 hexadecimal digits' }),
  'must be a map of file names to SHA-256 sums',
);

const plugin = section({
  dirs: listOf(text),
  auto_mtls: flag.nullish(),
  checksums: checksums.nullish(),
  allow_foreign_writers: flag.nullish(),
  ignore_current_directory: flag.nullish(),
});

/** The form of `optimus.yaml`, version 1. */
export const configSchema = section({
  version: count.refine((version) => version === 1, { error: 'must be 1' }),
  log: log.nullish(),
  host: optionalText,
  project: section({ name: nameOf(parseProjectName), config, preset_path: optionalText }),
  namespaces: listOf(namespace),
  plugin: plugin.nullish(),
});

/** The file as it stands, its values parsed. */
export type ConfigFile = z.output<typeof configSchema>;

function nameOf(parse: (value: string) => string) {
  return text.superRefine((value, context) => {
    try {
      parse(value);
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: `is refused: ${toErrorMessage(thrown)}` });
    }
  });
}
