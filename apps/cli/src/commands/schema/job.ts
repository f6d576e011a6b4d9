import { jobSchema } from '@optimus/spec';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printSchema } from './print-schema.ts';

/** `optimus schema job`. */
export async function run({ terminal }: Invocation): Promise<void> {
  printSchema(terminal, { title: 'job.yaml', schema: jobSchema });
}
