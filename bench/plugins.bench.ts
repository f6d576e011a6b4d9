import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { create } from '@bufbuild/protobuf';
import type { PluginHostOptions } from '@optimus/plugin-host';
import { CLIModService, GetQuestionsRequestSchema } from '@optimus/proto/plugins';
import { buildGoPrograms } from '../tests/interop/go-plugin/go-programs.ts';
import { PluginStage } from '../tests/interop/go-plugin/plugin-stage.ts';
import { measureCallsPerSecond } from './measure/calls-per-second.ts';
import { callGrpc } from './measure/grpc-call.ts';
import { median } from './measure/median.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';
import { startBarePlugin } from './plugins/bare-plugin.ts';
import { measureChildMemory } from './plugins/child-memory.ts';
import { PluginFiles } from './plugins/plugin-files.ts';

// What hosting a plugin costs: its start, its calls, its memory. Beside our host a bare go-plugin client in Go, and a bare
// grpc-js client. OPTIMUS_BENCH_PLUGIN names one more plugin file, a standalone one perhaps, whose name is `sample`.
const rounds = 8;
const many = 20;
const load = { concurrency: 32, warmUpMs: 500, measureMs: 1_500 };

const build = await buildGoPrograms();
const [go] = 'programs' in build ? build.programs : [];
if (go === undefined) throw new Error('this benchmark compares with Go: install Go, and try again');
const timer = go.timer;

using files = new PluginFiles();
await using folders = new AsyncDisposableStack();
const stage = folders.use(new PluginStage());
const given = process.env['OPTIMUS_BENCH_PLUGIN'];
const programs = [
  { name: 'Go', program: go.plugin },
  { name: 'TypeScript', program: await files.buildTypeScript() },
  ...(given === undefined ? [] : [{ name: 'given', program: given }]),
];

const figures: Figure[] = [];
for (const { name, program } of programs) {
  figures.push(await measureStart(name, program), await measureKnown(name, program));
  figures.push(await measureCalls(name, program));
  if (program !== given) figures.push(await measureMany(name, program));
  figures.push(await measureMemory(name, program));
}
printFigures(figures);

/** In turns, so that a busy moment of the machine favours neither. */
async function measureStart(name: string, program: string): Promise<Figure> {
  const folder = files.makeFolder(program, ['sample']);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timeStart(folder));
    const { stdout } = await promisify(execFile)(timer, [program, '1']);
    bare.push(...(JSON.parse(stdout) as number[]));
  }
  const against = 'go-plugin in Go';
  return {
    name: `${name}: start and first call`,
    ours: median(ours),
    bare: median(bare),
    against,
    unit: 'ms',
  };
}

/** What a host needs to know a plugin that an earlier one has asked, beside asking it. */
async function measureKnown(name: string, program: string): Promise<Figure> {
  const folder = files.makeFolder(program, ['sample']);
  const answersDir = path.join(folder, 'answers');
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    bare.push(await timeStart(folder));
    ours.push(await timeStart(folder, { answersDir }));
  }
  // The first one asks.
  return {
    name: `${name}: known already`,
    ours: median(ours.slice(1)),
    bare: median(bare),
    against: 'started',
    unit: 'ms',
  };
}

async function timeStart(folder: string, options: Partial<PluginHostOptions> = {}): Promise<number> {
  const host = stage.createHost({ dirs: [folder], ...options });
  const begun = performance.now();
  const entries = await host.list();
  const tookMs = performance.now() - begun;
  await host.stop();
  const failed = entries.find(({ state }) => state === 'failed');
  if (failed) throw new Error(`a plugin does not start: ${JSON.stringify(failed)}`);
  return tookMs;
}

async function measureCalls(name: string, program: string): Promise<Figure> {
  const host = stage.createHost({ dirs: [files.makeFolder(program, ['sample'])] });
  const plugin = await startBarePlugin(program);
  const request = create(GetQuestionsRequestSchema, { jobName: 'nightly', options: {} });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    ours.push(await measureCallsPerSecond(() => host.getQuestions('task', 'sample', 'nightly'), load));
    const call = () => callGrpc(plugin.client, CLIModService.method.getQuestions, request);
    bare.push(await measureCallsPerSecond(call, load));
  }
  await Promise.all([host.stop(), plugin.stop()]);
  return {
    name: `${name}: calls`,
    ours: median(ours),
    bare: median(bare),
    against: 'grpc-js',
    unit: 'calls/s',
  };
}

/** Many started at once, beside as many starts of one. */
async function measureMany(name: string, program: string): Promise<Figure> {
  const names = Array.from({ length: many }, (_, index) => `p${index}`);
  const one = makeNumbered(name, program, names.slice(0, 1));
  const all = makeNumbered(name, program, names);
  const single: number[] = [];
  for (let round = 0; round < rounds; round += 1) single.push(await timeStart(one));
  const together = [await timeStart(all), await timeStart(all), await timeStart(all)];
  const bare = many * median(single);
  return {
    name: `${name}: ${many} at once`,
    ours: median(together),
    bare,
    against: `${many} × one`,
    unit: 'ms',
  };
}

/** The plugin in Go is told its name by its environment, that in TypeScript by its file. */
function makeNumbered(kind: string, program: string, names: readonly string[]): string {
  if (kind !== 'Go') return files.makeFolder(program, names);
  const numbered = folders.use(new PluginStage());
  for (const name of names) numbered.addProgram(program, { NAME: name }, name);
  return numbered.path;
}

async function measureMemory(name: string, program: string): Promise<Figure> {
  const bare = await measureIdleNode();
  const host = stage.createHost({ dirs: [files.makeFolder(program, ['sample'])] });
  const ours = await measureChildMemory(() => host.getQuestions('task', 'sample', 'nightly'));
  await host.stop();
  return { name: `${name}: memory`, ours, bare, against: 'node, idle', unit: 'MiB' };
}

async function measureIdleNode(): Promise<number> {
  await using running = new AsyncDisposableStack();
  return await measureChildMemory(async () => {
    const node = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
    running.defer(() => void node.kill());
    await once(node.stdout, 'data');
  });
}
