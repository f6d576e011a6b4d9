import type { FileFigures } from './measure-file.ts';
import type { TreeFigures } from './measure-tree.ts';

/** One line of the table. */
export interface FigureRow {
  readonly figure: string;
  readonly value: string;
  readonly aim: string;
}

/** Packages whose exports others build upon. */
const documentedFolders = ['sdk/', 'core/domain/src/ports/', 'runtime/api/'];

/** The figures in the order and against the aims of the house style. */
export function toRows({ files, testLines, cycles }: TreeFigures): readonly FigureRow[] {
  const lines = sum(files.map((file) => file.lines));
  const documented = files.filter(({ file }) => documentedFolders.some((folder) => file.startsWith(folder)));
  return [
    { figure: 'source files', value: String(files.length), aim: '' },
    {
      figure: 'source file lines, p50 / p90 / max',
      value: spread(files.map((file) => file.lines)),
      aim: '≤ 100 / ≤ 300 / 500',
    },
    {
      figure: 'function lines, p50 / p90 / max',
      value: spread(functionLines(files)),
      aim: '≤ 8 / ≤ 25 / 60',
    },
    { figure: 'runtime import cycles', value: String(cycles.length), aim: '0' },
    {
      figure: '`any` per 1,000 lines',
      value: ratio(1000 * sum(files.map((file) => file.anyCount)), lines),
      aim: '≤ 0.1',
    },
    { figure: 'bare `Error` in src / throws', value: bareErrors(files), aim: '0' },
    { figure: 'exports with a doc comment (sdk, ports, api)', value: docShare(documented), aim: '≥ 80 %' },
    { figure: 'tests : source lines', value: ratio(testLines, lines), aim: '1.0–1.7' },
  ];
}

/** The rows as aligned columns. */
export function formatTable(rows: readonly FigureRow[]): string {
  const all = [{ figure: 'Figure', value: 'Here', aim: 'Aim' }, ...rows];
  const width = (field: 'figure' | 'value') => Math.max(...all.map((row) => row[field].length));
  const [figureWidth, valueWidth] = [width('figure'), width('value')];
  const toLine = ({ figure, value, aim }: FigureRow) =>
    `${figure.padEnd(figureWidth)}  ${value.padEnd(valueWidth)}  ${aim}`.trimEnd();
  return all.map(toLine).join('\n');
}

/** The value below which the given share of the sorted values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function spread(values: readonly number[]): string {
  return [0.5, 0.9, 1].map((share) => percentile(values, share)).join(' / ');
}

function functionLines(files: readonly FileFigures[]): readonly number[] {
  return files.flatMap(({ functions }) => functions.map(({ lines }) => lines));
}

function bareErrors(files: readonly FileFigures[]): string {
  const inSource = files.filter(({ file }) => file.includes('/src/'));
  const bare = sum(inSource.map(({ bareErrorLines }) => bareErrorLines.length));
  return `${bare} / ${sum(inSource.map(({ throwCount }) => throwCount))}`;
}

function docShare(files: readonly FileFigures[]): string {
  const exported = sum(files.map(({ exportedCount }) => exportedCount));
  if (exported === 0) return '–';
  return `${Math.round((100 * sum(files.map(({ documentedCount }) => documentedCount))) / exported)} %`;
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '–' : (part / whole).toFixed(2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
