import Table from 'cli-table3';

/** One figure beside the bare work it is made of, measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly bare: number;
  /** What the bare work is, for people. */
  readonly against: string;
  readonly unit: string;
}

/** Prints the figures with their ratio: 1 is as good as bare; whether more is better shows in the unit. */
export function printFigures(figures: readonly Figure[]): void {
  const table = new Table({
    head: ['', 'ours', 'bare', 'ratio', 'bare is'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const figure of figures) table.push(toRow(figure));
  process.stdout.write(`${table.toString()}\n`);
}

function toRow({ name, ours, bare, against, unit }: Figure): readonly string[] & string[] {
  return [name, `${round(ours)} ${unit}`, `${round(bare)} ${unit}`, (ours / bare).toFixed(2), against];
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
