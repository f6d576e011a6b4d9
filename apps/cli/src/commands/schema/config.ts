import type { Invocation } from '../../command-line/command-spec.ts';
import { configSchema } from '../../config/config-schema.ts';
import { printSchema } from './print-schema.ts';

/** `optimus schema config`. */
export async function run({ terminal }: Invocation): Promise<void> {
  printSchema(terminal, { title: 'optimus.yaml', schema: configSchema });
}
