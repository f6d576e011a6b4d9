import type { Invocation } from '../../command-line/command-spec.ts';
import { printPlugins } from './print-plugins.ts';

/** `optimus plugin list`. */
export async function run(invocation: Invocation): Promise<void> {
  await printPlugins(invocation);
}
