// What deploying is made of, and nothing else: reads the files below some folders, has js-yaml load the YAML among them, and writes
// all bytes as CSV, for COPY.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { load } from 'js-yaml';

const [output = '', ...roots] = process.argv.slice(2);
const rows = roots.flatMap((root) =>
  readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const text = readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8');
    if (entry.name.endsWith('.yaml')) load(text);
    return [`${entry.parentPath},"${text.replaceAll('"', '""')}"\n`];
  }),
);
if (output !== '') writeFileSync(output, rows.join(''));
