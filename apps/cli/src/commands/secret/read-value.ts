import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { OptimusError } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { Prompter } from '../../prompt/prompter.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The value of the secret as base64, from the argument, `--file`, stdin (`-`), or the person at the terminal. */
export async function readSecretValue(invocation: Invocation): Promise<string> {
  const bytes = await readBytes(invocation);
  if (!invocation.flags.isSet('base64')) return bytes.toString('base64');
  const encoded = bytes.toString('latin1').replaceAll(/\s/g, '');
  if (encoded !== '' && BASE64.test(encoded)) return encoded;
  throw createUsageError(
    'base64',
    'is given, but the value is not base64',
    'leave the flag out to have it encoded',
  );
}

async function readBytes({ args, flags, terminal }: Invocation): Promise<Buffer> {
  const [, argument] = args;
  const file = flags.text('file');
  if (argument !== undefined && file !== undefined) {
    throw createUsageError('file', 'and a value are both given', 'give one of them');
  }
  if (file !== undefined) return readValueFile(path.resolve(terminal.cwd, file), file);
  if (argument === '-') return buffer(terminal.stdin);
  return Buffer.from(argument ?? (await askValue(new Prompter(terminal))));
}

function askValue(prompter: Prompter): Promise<string> {
  return prompter.text({
    flag: 'file',
    valueHint: '<file>, as an argument, or on stdin with "-"',
    message: 'What is the value of the secret?',
    isSecret: true,
    findProblem: (value) => (value === '' ? 'the value is empty' : undefined),
  });
}

async function readValueFile(file: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new OptimusError('SECRET_INVALID', { message: `the file ${shown} cannot be read`, cause });
  }
}
