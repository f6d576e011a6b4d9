// Writes golden.jsonl anew from what robfig/cron answers: node --conditions=source tests/interop/cron-oracle/rebuild.ts
import { writeFileSync } from 'node:fs';
import { findZone } from '@optimus/domain/zone';
import { buildCronOracle, listGoZones } from './go-cron.ts';
import { askGolden, goldenFile } from './golden.ts';

const oracle = await buildCronOracle();
if ('missing' in oracle) throw new Error(`there is no ${oracle.missing}`);
// The hour of Moldova's changes was corrected in the database of 2026, which not every Go has.
const disputed = ['Europe/Chisinau', 'Europe/Tiraspol'];
const known = (await listGoZones(oracle.program)).filter((name) => findZone(name));
const zones = known.filter((name) => !disputed.includes(name));
const groups = await askGolden(oracle.program, zones);
writeFileSync(goldenFile, groups.map((group) => `${JSON.stringify(group)}\n`).join(''));
