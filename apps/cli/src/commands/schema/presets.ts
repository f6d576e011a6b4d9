import type { Invocation } from '../../command-line/command-spec.ts';
import { presetsSchema } from '../../presets/presets-schema.ts';
import { printSchema } from './print-schema.ts';

/** `optimus schema presets`. */
export async function run({ terminal }: Invocation): Promise<void> {
  printSchema(terminal, { title: 'presets', schema: presetsSchema });
}
