// A task that shows its secret in every way it can think of, and fails on one day. It ends when the file is there that it is told of.
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const { SECRET_KEY: value = '', RANGE_START = '' } = process.env;
const base64 = Buffer.from(value).toString('base64');
const jobDir = process.env.JOB_DIR;
const forms = {
  raw: value,
  base64,
  base64url: Buffer.from(value).toString('base64url'),
  header: `Basic ${Buffer.from(`user:${value}`).toString('base64')}`,
  wrapped: base64.replace(/.{10}/g, '$&\n'),
  url: encodeURIComponent(value),
  form: new URLSearchParams({ value }).toString(),
  json: JSON.stringify({ value }),
  environment: JSON.stringify(process.env),
  file: ['.env', '.secret', 'sub/query.sql']
    .map((name) => readFileSync(`${jobDir}/in/${name}`, 'utf8'))
    .join(''),
};
for (const [name, text] of Object.entries(forms)) process.stdout.write(`${name}: ${text}\n`);
for (const piece of value.match(/.{1,3}/gs) ?? []) {
  writeSync(2, piece);
  await delay(5);
}
process.stdout.write('\nall shown\n');
while (!existsSync(process.argv[2] ?? '')) await delay(20);
process.exitCode = RANGE_START.startsWith('2022-09-19') ? 3 : 0;
