import type { MadeRunContext } from '../run/make-run-context.ts';
import { maskText, SecretPatterns } from './masking/index.ts';

/**
 * What the output of an instance must not show: every secret that its templates could use, and what they made of them. Empty for an
 * instance that got none: its output needs no looking through.
 */
export function listMaskedValues(made: MadeRunContext): readonly string[] {
  const derived = Object.values(made.context.secrets);
  if (derived.length === 0 && !namesSecrets(made) && !showsSecret(made)) return [];
  return [...new Set([...made.visibleSecrets, ...derived])];
}

function namesSecrets({ job }: MadeRunContext): boolean {
  const { task, hooks, assets } = job.spec;
  const values = [task, ...hooks].flatMap(({ config }) => config.map(({ value }) => value));
  return [...values, ...Object.values(assets)].some((text) => text.includes('.secret'));
}

/** A template may reach a secret without naming it, as `toJson .` does. */
function showsSecret({ context, visibleSecrets }: MadeRunContext): boolean {
  if (visibleSecrets.length === 0) return false;
  const patterns = new SecretPatterns(visibleSecrets);
  const texts = [...Object.values(context.envs), ...Object.values(context.files)];
  return texts.some((text) => maskText(text, patterns) !== text);
}
