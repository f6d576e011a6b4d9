import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { type CaseResult, type VerificationReport, verifyPlugin } from '@optimus/plugin-host';
import type { Invocation } from '../../command-line/command-spec.ts';
import { readPluginSettings } from '../../plugins/plugin-settings.ts';

/** `optimus plugin verify`. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const form = flags.choice('output', ['text', 'json'] as const) ?? 'text';
  const seconds = flags.count('start-timeout', 1);
  const { env = {}, allowForeignWriters = false } = await readPluginSettings(invocation);
  const file = path.resolve(terminal.cwd, args[0] ?? '');
  const report = await verifyPlugin(file, {
    env,
    allowForeignWriters,
    ...(seconds !== undefined && { startTimeoutMs: seconds * 1000 }),
  });
  terminal.print(form === 'json' ? JSON.stringify(report, null, 2) : formatReport(report, terminal));
  if (!report.isConforming) throw createFailure(report);
}

type Style = Invocation['terminal']['style'];

function formatReport({ name, cases }: VerificationReport, { style }: { readonly style: Style }): string {
  const counts = (['passed', 'failed', 'skipped'] as const).map(
    (outcome) => `${cases.filter((each) => each.outcome === outcome).length} ${outcome}`,
  );
  return [...cases.map((each) => formatCase(each, style)), '', `${name}: ${counts.join(', ')}`].join('\n');
}

const marks = { passed: ['green', '✓'], failed: ['red', '✗'], skipped: ['dim', '-'] } as const;

function formatCase({ id, outcome, expected, found, mend }: CaseResult, style: Style): string {
  const [colour, mark] = marks[outcome];
  const head = `${style(colour, mark)} ${id.padEnd(22)} ${expected}`;
  if (outcome === 'passed') return head;
  const indent = `\n  ${' '.repeat(22)} `;
  const details = outcome === 'skipped' ? [`skipped: ${found}`] : [`found: ${found}`, `mend: ${mend}`];
  return [head, ...details.map((line) => line.replaceAll('\n', indent))].join(indent);
}

function createFailure({ name, path: file, cases }: VerificationReport): OptimusError {
  const failed = cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  return new OptimusError('PLUGIN_UNUSABLE', {
    message: `plugin ${name} (${file}) does not keep the contract: ${failed.join(', ')}`,
    hint: 'each case says what was expected, what was found and how to mend it',
  });
}
