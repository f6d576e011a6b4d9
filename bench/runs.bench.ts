import { setTimeout as rest } from 'node:timers/promises';
import { median } from './measure/median.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';
import { quantile } from './runs/quantile.ts';
import { type BenchJob, NAMESPACE, PROJECT, RunStage, type RunTimes } from './runs/run-stage.ts';
import { spawnBare } from './runs/spawn-bare.ts';

// What a scheduler adds to the work: real servers, a real database, real processes. Beside each figure the same processes, spawned by
// hand in the same run. The tasks of the chains are those of the public comparison of Windmill: the naive Fibonacci number of 10
// forty times in a row (light), of 33 ten times (heavy).
const toFibonacci = (n: number): readonly string[] => [
  process.execPath,
  '-e',
  `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); fib(${n});`,
];
const LIGHT = toFibonacci(10);
const HEAVY = toFibonacci(33);
const NOTHING = ['/bin/true'];

printFigures([
  ...(await measureChain('40 light tasks in a chain', LIGHT, 40)),
  ...(await measureChain('10 heavy tasks in a chain', HEAVY, 10)),
  ...(await measureChain('40 empty tasks in a chain', NOTHING, 40)),
]);
printFigures(await measureLines(100, 10));
printFigures(await measureFanIn(500));
printFigures(await measureSameInstant(1_000));
printFigures(await measureLatency(100));

async function measureChain(
  name: string,
  command: readonly string[],
  length: number,
): Promise<readonly Figure[]> {
  await using stage = await RunStage.set({ tasks: { link: command }, maxRunning: 8 });
  await stage.deploy(toLine('link', length));
  await stage.awaitSuccesses(length);
  const elapsed = toElapsed(await stage.listTimes());
  const bare = await spawnBare(command, length);
  const against = 'the same, spawned one after the other';
  return [
    { name, ours: elapsed, bare, against, unit: 'ms' },
    { name: '… a task', ours: elapsed / length, bare: bare / length, against, unit: 'ms' },
  ];
}

/** The whole lag: between the end of each task and the beginning of the next one in its line. */
async function measureLines(lines: number, length: number): Promise<readonly Figure[]> {
  await using stage = await RunStage.set({ tasks: { empty: NOTHING }, maxRunning: 16 });
  const jobs = Array.from({ length: lines }, (_, line) => toLine('empty', length, `line-${line}`)).flat();
  await stage.deploy(jobs);
  await stage.awaitSuccesses(jobs.length);
  const elapsed = toElapsed(await stage.listTimes());
  const against = 'as many processes, 16 at a time';
  const bare = await spawnBare(NOTHING, jobs.length, 16);
  return [
    { name: `${lines} lines of ${length} empty tasks`, ours: elapsed, bare, against, unit: 'ms' },
    { name: '… a task', ours: elapsed / jobs.length, bare: bare / jobs.length, against, unit: 'ms' },
  ];
}

async function measureFanIn(width: number): Promise<readonly Figure[]> {
  await using stage = await RunStage.set({ tasks: { empty: NOTHING }, maxRunning: 16 });
  const sources = Array.from(
    { length: width },
    (_, index): BenchJob => ({ name: `source-${index}`, task: 'empty' }),
  );
  const sink = { name: 'sink', task: 'empty', upstreams: sources.map(({ name }) => name) };
  await stage.deploy([...sources, sink]);
  await stage.awaitSuccesses(width + 1);
  const times = await stage.listTimes();
  const lastEnd = Math.max(
    ...times.filter(({ job }) => job !== sink.name).map(({ finishedAt }) => finishedAt),
  );
  const start = times.find(({ job }) => job === sink.name)?.startedAt ?? Number.NaN;
  const bare = await spawnBare(NOTHING, width + 1, 16);
  return [
    {
      name: `${width} upstreams: last success → claim`,
      ours: start - lastEnd,
      bare: bare / (width + 1),
      against: 'one process',
      unit: 'ms',
    },
    {
      name: '… all of them',
      ours: toElapsed(times),
      bare,
      against: 'as many processes, 16 at a time',
      unit: 'ms',
    },
  ];
}

/** All are due on the same minute, and a slot is free for each. */
async function measureSameInstant(count: number): Promise<readonly Figure[]> {
  await using stage = await RunStage.set({ tasks: { empty: NOTHING }, maxRunning: count });
  const jobs = Array.from(
    { length: count },
    (_, index): BenchJob => ({ name: `job-${index}`, task: 'empty', interval: '* * * * *' }),
  );
  await stage.deploy(jobs);
  await stage.awaitSuccesses(count);
  const first = Math.floor(Date.now() / 60_000) * 60_000 + 60_000;
  await rest(first - Date.now());
  await stage.awaitSuccesses(count, new Date(first));
  const times = (await stage.listTimes()).filter(({ scheduledAt }) => scheduledAt === first);
  const bare = await spawnBare(NOTHING, count, 32);
  const against = 'as many processes, 32 at a time';
  const toFigure = (name: string, ours: number): Figure => ({ name, ours, bare, against, unit: 'ms' });
  const starts = times.map(({ startedAt }) => startedAt - first);
  return [
    toFigure(`${count} due at once: last claim`, Math.max(...starts)),
    toFigure('… last end', Math.max(...times.map(({ finishedAt }) => finishedAt - first))),
  ];
}

/** From the call that asks for a run to the record of its end, on an idle server. */
async function measureLatency(count: number): Promise<readonly Figure[]> {
  await using stage = await RunStage.set({ tasks: { empty: NOTHING }, maxRunning: 4 });
  const jobs = Array.from(
    { length: count },
    (_, index): BenchJob => ({ name: `job-${index}`, task: 'empty', interval: '' }),
  );
  await stage.deploy(jobs);
  const calledAt = new Map<string, number>();
  const bare: number[] = [];
  for (const { name } of jobs) {
    calledAt.set(name, await callRun(stage.port, name));
    await stage.awaitSuccesses(calledAt.size);
    bare.push(await spawnBare(NOTHING, 1));
  }
  const times = await stage.listTimes();
  const toStart = times.map(({ job, startedAt }) => startedAt - (calledAt.get(job) ?? Number.NaN));
  const toEnd = times.map(({ job, finishedAt }) => finishedAt - (calledAt.get(job) ?? Number.NaN));
  const against = 'one process';
  return [
    { name: 'call → claim, p50', ours: median(toStart), bare: median(bare), against, unit: 'ms' },
    {
      name: 'call → claim, p99',
      ours: quantile(toStart, 0.99),
      bare: quantile(bare, 0.99),
      against,
      unit: 'ms',
    },
    {
      name: 'call → end of an empty task, p50',
      ours: median(toEnd),
      bare: median(bare),
      against,
      unit: 'ms',
    },
    {
      name: 'call → end of an empty task, p99',
      ours: quantile(toEnd, 0.99),
      bare: quantile(bare, 0.99),
      against,
      unit: 'ms',
    },
  ];
}

/** Has the job run by hand, as it is deployed; answers when it was asked for. */
async function callRun(port: number, job: string): Promise<number> {
  const root = `http://127.0.0.1:${port}/api/v1beta1/project/${PROJECT}/namespace/${NAMESPACE}`;
  const { spec } = (await (await fetch(`${root}/job/${job}`)).json()) as { readonly spec: unknown };
  const calledAt = Date.now();
  const body = JSON.stringify({ specifications: [spec] });
  const answer = await fetch(`${root}/run`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`running ${job} answered ${answer.status}: ${await answer.text()}`);
  return calledAt;
}

function toLine(task: string, length: number, name = 'line'): readonly BenchJob[] {
  return Array.from({ length }, (_, index) => ({
    name: `${name}-${index}`,
    task,
    upstreams: index === 0 ? [] : [`${name}-${index - 1}`],
  }));
}

function toElapsed(times: readonly RunTimes[]): number {
  return (
    Math.max(...times.map(({ finishedAt }) => finishedAt)) -
    Math.min(...times.map(({ startedAt }) => startedAt))
  );
}
