import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { startEmbeddedPostgres } from '@optimus/store';
import { setStage } from '../tests/e2e/stage/stage.ts';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';

// From `optimus serve` to ready, beside the database alone: initdb and postgres until it takes connections.
const laterStarts = 7;

const stage = await setStage();
try {
  await stage.configure({});
  const bareDir = path.join(stage.folder, 'bare');
  await mkdir(bareDir, { mode: 0o711 });
  const first = { ours: await timeServe(), bare: await timeDatabase(bareDir) };
  const ours: number[] = [];
  const bare: number[] = [];
  for (let start = 0; start < laterStarts; start += 1) {
    ours.push(await timeServe());
    bare.push(await timeDatabase(bareDir));
  }
  const later = { ours: median(ours), bare: median(bare) };
  printFigures([
    { name: 'first start', ...first, against: 'its PostgreSQL alone', unit: 'ms' },
    { name: 'later start', ...later, against: 'its PostgreSQL alone', unit: 'ms' },
  ]);
} finally {
  await stage.clear();
}

async function timeServe(): Promise<number> {
  const server = await stage.startServer();
  await server.end('SIGTERM');
  return server.readyAfterMs;
}

async function timeDatabase(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const database = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
  const tookMs = performance.now() - startedAt;
  await database.stop();
  return tookMs;
}
