import { OptimusError } from '@optimus/domain';

const MASK = '***';

/** The error with every secret's value masked: its message is stored with the run and logged, and `fail` says what it is told to. */
export function withoutSecrets(thrown: unknown, secrets: Readonly<Record<string, string>>): unknown {
  // The longest first, lest a value that lies within another leave the rest of it.
  const values = Object.values(secrets)
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length);
  const mask = (text: string): string =>
    values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
  if (!(thrown instanceof OptimusError) || mask(thrown.message) === thrown.message) return thrown;
  const { code, message, hint, fields } = thrown;
  return new OptimusError(code, { message: mask(message), ...(hint === undefined ? {} : { hint }), fields });
}
