import path from 'node:path';
import { formatTable, toRows } from './figures/figures-table.ts';
import { measureTree } from './figures/measure-tree.ts';

// Prints the figures the house style stays near, beside their aims. Ends with 1 when a hard limit is broken.
const root = path.resolve(import.meta.dirname, '..');
const figures = measureTree(root);
console.log(formatTable(toRows(figures)));
for (const offence of figures.offences) console.log(`${offence.file}:${offence.line} ${offence.message}`);
process.exitCode = figures.offences.length > 0 ? 1 : 0;
