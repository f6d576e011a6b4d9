import type { Invocation } from '../command-line/command-spec.ts';

/** A column of a table: its title and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => string;
}

/** What a listing prints. Rows are plain data: json and yaml print them as they are. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Said instead of an empty table. */
  readonly whenEmpty: string;
}

const FORMS = ['table', 'json', 'yaml'] as const;

/** Prints a listing in the form of `--output`. */
export async function printListing<Row extends object>(
  { flags, terminal }: Pick<Invocation, 'flags' | 'terminal'>,
  listing: Listing<Row>,
): Promise<void> {
  const form = flags.choice('output', FORMS) ?? 'table';
  if (form === 'json') return terminal.print(JSON.stringify(listing.rows, null, 2));
  if (form === 'yaml') return terminal.print(await toYaml(listing.rows));
  if (listing.rows.length === 0) return terminal.note(listing.whenEmpty);
  terminal.print(await toTable(listing));
}

/** Says beside a listing that it does not hold all. */
export function noteMore(
  { terminal }: Pick<Invocation, 'terminal'>,
  { thereAre, limit }: { readonly thereAre: string; readonly limit: number },
): void {
  terminal.note(`${thereAre}; see them with: --limit ${limit * 10}`);
}

/** Prints one thing as yaml, or as json when `--output` says so. */
export async function printDocument(
  { flags, terminal }: Pick<Invocation, 'flags' | 'terminal'>,
  document: object,
): Promise<void> {
  const form = flags.choice('output', ['yaml', 'json'] as const) ?? 'yaml';
  terminal.print(form === 'json' ? JSON.stringify(document, null, 2) : await toYaml(document));
}

async function toYaml(value: object): Promise<string> {
  // By its default export: in a bundle a CommonJS package that is loaded late has no other.
  const { default: yaml } = await import('yaml');
  return yaml.stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Columns without borders, so that a table can be cut and searched like any text. */
async function toTable<Row>({ rows, columns }: Listing<Row>): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({ head: columns.map(({ title }) => title), chars: NO_BORDERS, style: NO_STYLE });
  table.push(...rows.map((row) => columns.map(({ show }) => show(row))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const NO_STYLE = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
