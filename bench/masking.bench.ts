import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';
import { timeCommand } from './measure/time-command.ts';

// The output of a task with ten secrets, on its way to the log: through the filter, and through `cat`.
const rounds = 5;
const megabytes = 256;
const filter = fileURLToPath(new URL('../apps/cli/dist/log-filter.mjs', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'masking-'));
const secrets = Array.from({ length: 10 }, (_, index) => `s3cr3t/value ${index * 7919}-x`);
const line = '2026-01-01T00:00:00Z INFO step 42 of 1000: read 123456 rows from s3://bucket/path/file';

try {
  await writeFile(path.join(folder, 'secrets.json'), JSON.stringify(secrets));
  await writeFile(path.join(folder, 'output'), `${line}\n`.repeat((megabytes * 1e6) / (line.length + 1)));
  const limit = 2 ** 40;
  const throughFilter = `cat output | "${process.execPath}" "${filter}" . ${limit} 3< secrets.json > masked`;
  const figures = { filter: [] as number[], cat: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.filter.push(await measure(throughFilter));
    figures.cat.push(await measure('cat output | cat > plain'));
  }
  const [ours, bare] = [median(figures.filter), median(figures.cat)];
  printFigures([{ name: 'output masked', ours, bare, against: 'cat', unit: 'MB/s' }]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(script: string): Promise<number> {
  await Promise.all(['masked', 'plain'].map((name) => rm(path.join(folder, name), { force: true })));
  return megabytes / ((await timeCommand(['/bin/sh', '-c', script], folder)) / 1000);
}
