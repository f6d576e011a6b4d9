import { toFaultName } from '../plan/fault.ts';
import { COMMITTED } from '../plan/plan-seed.ts';
import { MOMENTS } from '../proxy/commit-trap.ts';
import type { FaultRecord, SeedResult } from '../seed/run-seed.ts';
import { toPercentiles } from './percentiles.ts';

type Told = FaultRecord & { readonly result: SeedResult };

/** Everything that the command prints when its seeds have run, as Markdown. */
export function toReport(results: readonly SeedResult[]): string {
  const told = results.flatMap((result) => result.faults.map((fault) => ({ ...fault, result })));
  return [toFaultTable(told, results), toPointTable(told), toFigures(told, results)].join('\n\n');
}

function toFaultTable(told: readonly Told[], results: readonly SeedResult[]): string {
  const head = ['fault', 'tried', 'missed', 'runs under way', 'lost', 'doubled', 'recovery p50 / p95 / max'];
  const groups = Map.groupBy(told, ({ fault }) => toRowName(fault));
  const rows = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, group]) => toFaultRow(name, group));
  const all = [
    '**all**',
    ...toFaultRow('', told).slice(1, 4),
    ...countDamage(results),
    ...toFaultRow('', told).slice(6),
  ];
  return toTable(head, [...rows, all]);
}

function toRowName(fault: FaultRecord['fault']): string {
  return fault.kind === 'commit_point' ? `${fault.action} at a commit point` : toFaultName(fault);
}

function toFaultRow(name: string, group: readonly Told[]): readonly string[] {
  const done = group.filter(({ outcome }) => outcome.missed === undefined);
  const results = [...new Set(group.map(({ result }) => result))];
  const runs = done.reduce((sum, record) => sum + record.runs, 0);
  const recovered = done.flatMap(({ recoveredMs }) => (recoveredMs === undefined ? [] : [recoveredMs]));
  const missed = group.length - done.length;
  return [
    name,
    String(done.length),
    String(missed),
    String(runs),
    ...countDamage(results),
    toPercentiles(recovered),
  ];
}

function countDamage(results: readonly SeedResult[]): readonly [string, string] {
  const violations = results.flatMap((result) => result.violations);
  const count = (damage: string) => String(violations.filter((one) => one.damage === damage).length);
  return [count('lost'), count('doubled')];
}

/** How often a server was killed at each point of each commit. */
function toPointTable(told: readonly Told[]): string {
  const kills = told.flatMap(({ fault, outcome }) =>
    fault.kind === 'commit_point' && fault.action === 'kill' && outcome.missed === undefined
      ? [fault.point]
      : [],
  );
  const rows = COMMITTED.map((statement) => [
    `\`${statement}\``,
    ...MOMENTS.map((moment) =>
      String(kills.filter((one) => one.statement === statement && one.moment === moment).length),
    ),
  ]);
  return toTable(['killed at', ...MOMENTS], rows);
}

function toFigures(told: readonly Told[], results: readonly SeedResult[]): string {
  const deaths = told.flatMap(({ outcome }) => (outcome.death ? [outcome.death] : []));
  const found = deaths.flatMap(({ foundMs }) => (foundMs === undefined ? [] : [foundMs]));
  const led = deaths.flatMap(({ takenOverMs }) => (takenOverMs === undefined ? [] : [takenOverMs]));
  const sum = (pick: (result: SeedResult) => number) =>
    String(results.reduce((total, result) => total + pick(result), 0));
  const broken = results.flatMap(({ violations }) =>
    violations.filter(({ damage }) => damage === 'broken'),
  ).length;
  return toTable(
    ['figure', 'value'],
    [
      ['seeds', String(results.length)],
      ['servers', sum(({ plan }) => plan.servers)],
      ['runs', sum(({ runs }) => runs)],
      ['attempts', sum(({ attempts }) => attempts)],
      [
        'tasks that ran on beside their successor because their server was cut off',
        sum(({ excused }) => excused),
      ],
      ['other broken invariants', String(broken)],
      [`a dead server's attempts found (${found.length})`, toPercentiles(found)],
      [`a dead planner's lead taken over (${led.length})`, toPercentiles(led)],
    ],
  );
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, index) =>
    Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map(({ length }) => length)),
  );
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [toLine(head), rule, ...rows.map(toLine)].join('\n');
}
