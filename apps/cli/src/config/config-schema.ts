import { parseNamespaceName, parseProjectName, toErrorMessage } from '@optimus/domain';
import type { z } from 'zod';
import { count, listOf, optionalText, section, text, textMap } from '../yaml/scalar-text.ts';

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

const namespace = section({
  name: nameOf(parseNamespaceName),
  config: textMap,
  job: section({ path: text }).nullish(),
  datastore: listOf(datastore),
});

/** The form of `optimus.yaml`, version 1. */
export const configSchema = section({
  version: count.refine((version) => version === 1, { error: 'must be 1' }),
  log: log.nullish(),
  host: optionalText,
  project: section({ name: nameOf(parseProjectName), config: textMap }),
  namespaces: listOf(namespace),
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
