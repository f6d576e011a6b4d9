import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { startEmbeddedPostgres } from '@optimus/store';
import { setStage } from '../tests/e2e/stage/stage.ts';
import { median } from './measure/median.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';
import { measureTreeMemory } from './measure/tree-memory.ts';

// From `optimus serve` to ready, beside the database alone: initdb and postgres until it takes connections. Then what its
// plugins cost it: a server that knows them, beside one that has to ask them and keeps their programs.
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
    ...(await measurePlugins()),
  ]);
} finally {
  await stage.clear();
}

async function timeServe(): Promise<number> {
  const server = await stage.startServer();
  await server.end('SIGTERM');
  return server.readyAfterMs;
}

async function measurePlugins(): Promise<readonly Figure[]> {
  const known: PluginCost[] = [];
  const asked: PluginCost[] = [];
  for (let start = 0; start < laterStarts; start += 1) {
    await rm(path.join(stage.dataDir, 'plugin-answers'), { recursive: true, force: true });
    asked.push(await measureServer({ OPTIMUS_PLUGIN_IDLE_TIMEOUT: '0' }));
    known.push(await measureServer({}));
  }
  const toFigure = (name: string, unit: string, pick: (cost: PluginCost) => number): Figure => {
    const [ours, bare] = [known, asked].map((costs) => median(costs.map(pick)));
    return { name, ours: ours ?? 0, bare: bare ?? 0, against: 'plugins asked and kept', unit };
  };
  return [
    toFigure('start, plugins known', 'ms', ({ readyAfterMs }) => readyAfterMs),
    toFigure('idle memory', 'MiB', ({ mebibytes }) => mebibytes),
    toFigure('idle processes', '', ({ processes }) => processes),
  ];
}

interface PluginCost {
  readonly readyAfterMs: number;
  readonly mebibytes: number;
  readonly processes: number;
}

async function measureServer(env: NodeJS.ProcessEnv): Promise<PluginCost> {
  const server = await stage.startServer(env);
  const memory = measureTreeMemory(server.pid);
  await server.end('SIGTERM');
  return { readyAfterMs: server.readyAfterMs, ...memory };
}

async function timeDatabase(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const database = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
  const tookMs = performance.now() - startedAt;
  await database.stop();
  return tookMs;
}
