import type { Invocation } from '../../command-line/command-spec.ts';
import { CLI_VERSION } from '../../version.ts';

/** Prints the versions. Without flags it loads nothing else: it is the quickest sign of life. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  if (flags.text('output') !== undefined) return printAsData(invocation);
  terminal.print(`Client: ${CLI_VERSION}`);
  if (flags.isSet('with-server')) {
    const { askServerVersion } = await import('./ask-server-version.ts');
    const { version, target } = await askServerVersion(invocation);
    terminal.print(`Server: ${version} (${target})`);
  }
  if (flags.isSet('plugins')) {
    const { printPlugins } = await import('../plugin/print-plugins.ts');
    await printPlugins(invocation);
  }
}

async function printAsData(invocation: Invocation): Promise<void> {
  const { printDocument } = await import('../../output/print-listing.ts');
  const { askServerVersion } = await import('./ask-server-version.ts');
  const server = invocation.flags.isSet('with-server') ? await askServerVersion(invocation) : undefined;
  await printDocument(invocation, { client: CLI_VERSION, ...(server && { server: server.version }) });
}
