import { OptimusError } from '../../error/optimus-error.ts';
import { type SecretPatterns, StreamMask } from './stream-mask.ts';

/** The text with every secret masked; the same text when it holds none. */
export function maskText(text: string, patterns: SecretPatterns): string {
  const mask = new StreamMask(patterns);
  const bytes = Buffer.from(text);
  const masked = Buffer.concat([mask.write(bytes), mask.end('whole')]);
  return masked.equals(bytes) ? text : masked.toString();
}

/** The error with every secret masked in all that it says: messages are stored with runs, logged and answered. */
export function maskError(thrown: unknown, patterns: SecretPatterns): unknown {
  if (!(thrown instanceof OptimusError)) return thrown;
  const { code, message, hint, fields } = thrown;
  const clean = {
    message: maskText(message, patterns),
    ...(hint === undefined ? {} : { hint: maskText(hint, patterns) }),
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, maskText(value, patterns)]),
    ),
  };
  const isClean =
    JSON.stringify([message, hint, fields]) ===
    JSON.stringify([clean.message, hint && clean.hint, clean.fields]);
  return isClean ? thrown : new OptimusError(code, clean);
}
