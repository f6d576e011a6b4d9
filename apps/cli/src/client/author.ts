import { execFile } from 'node:child_process';
import type { Invocation } from '../command-line/command-spec.ts';
import { createUsageError } from '../command-line/usage-error.ts';

/** Git answers at once or is not worth waiting for. */
const GIT_TIMEOUT_MS = 2_000;

/**
 * Whom changes are recorded under: `--author`, else `OPTIMUS_AUTHOR`, else who commits here by git's configuration. Undefined when
 * nobody says: a change is made all the same. @throws OptimusError `REQUEST_INVALID` for an empty `--author`
 */
export async function findAuthor({
  flags,
  terminal: { env, cwd },
}: Pick<Invocation, 'flags' | 'terminal'>): Promise<string | undefined> {
  const given = flags.text('author');
  if (given?.trim() === '') throw createUsageError('author', 'is empty', 'write it as: Ada <ada@example.io>');
  return given ?? (env['OPTIMUS_AUTHOR'] || (await askGit(cwd, env)));
}

/** The value of a header, which carries ASCII alone; names are in any script. */
export function toAuthorHeader(author: string): string {
  return author.replaceAll(/[^ -~]+|%/gu, (text) => encodeURIComponent(text.toWellFormed()));
}

async function askGit(cwd: string, env: Readonly<Record<string, string | undefined>>) {
  const args = ['config', '--null', '--get-regexp', String.raw`^user\.(name|email)$`];
  const { promise, resolve } = Promise.withResolvers<string>();
  // Where there is no git, or no user in its configuration, nobody is named.
  execFile('git', args, { cwd, env, timeout: GIT_TIMEOUT_MS }, (error, stdout) =>
    resolve(error ? '' : stdout),
  );
  return toIdentity(await promise);
}

/** `Ada <ada@example.io>` of what git prints: key, line end, value, NUL. Of several values the last holds. */
function toIdentity(printed: string): string | undefined {
  const entries = printed.split('\0').map((entry) => entry.split('\n', 2) as [string, string?]);
  const { 'user.name': name, 'user.email': email } = Object.fromEntries(entries);
  const words = [name, email ? `<${email}>` : ''].filter(Boolean);
  return words.length === 0 ? undefined : words.join(' ');
}
