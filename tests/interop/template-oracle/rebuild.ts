import { writeFileSync } from 'node:fs';
import { buildGoOracle, goldenFile, readGolden, renderWithGo } from './go-oracle.ts';

// Writes the golden file anew, one case a line: node --conditions=source tests/interop/template-oracle/rebuild.ts
const oracle = await buildGoOracle();
if ('missing' in oracle) throw new Error(`there is no ${oracle.missing}`);
const templates = [...new Set(readGolden().map(({ template }) => template))];
const outcomes = await renderWithGo(oracle.program, templates);
writeFileSync(goldenFile, `[\n${outcomes.map((outcome) => JSON.stringify(outcome)).join(',\n')}\n]\n`);
process.stdout.write(`${outcomes.length} templates\n`);
