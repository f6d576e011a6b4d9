import path from 'node:path';
import { parseArgs } from 'node:util';
import { importRules } from './import-rules.ts';
import { findViolations } from './imports/find-violations.ts';

// Prints every import that breaks the table, one a line, and ends with 1 when there is any.
const { values } = parseArgs({
  options: { root: { type: 'string', default: path.resolve(import.meta.dirname, '..') } },
});
const { violations, files } = findViolations({ root: values.root, rules: importRules });
for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`);
console.log(`${violations.length} broken import rules in ${files} files`);
process.exitCode = violations.length > 0 ? 1 : 0;
