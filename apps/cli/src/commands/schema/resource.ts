import { resourceSchema } from '@optimus/spec';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printSchema } from './print-schema.ts';

/** `optimus schema resource`. */
export async function run({ terminal }: Invocation): Promise<void> {
  printSchema(terminal, { title: 'resource.yaml', schema: resourceSchema });
}
