import { toJsonSchema } from '@optimus/spec';
import type { Terminal } from '../../terminal/terminal.ts';

/** A schema and the file it describes. */
export interface DescribedFile {
  readonly title: string;
  readonly schema: Parameters<typeof toJsonSchema>[0];
}

/** Prints what editors check a file by: the JSON Schema of the schema that validates it. */
export function printSchema(terminal: Terminal, { title, schema }: DescribedFile): void {
  terminal.print(JSON.stringify(toJsonSchema(schema, { title }), null, 2));
}
