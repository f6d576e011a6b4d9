import { OptimusError } from '@optimus/domain';

const SHELL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The text of a `.env` or `.secret` file that any POSIX shell reads with `.` or `source`, every value arriving as it was.
 * A name that no shell can assign stands in a comment: as a line of its own the shell would take it for a command.
 * @throws OptimusError `CONFIG_INVALID` for a value with a NUL byte
 */
export function toEnvFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => toLine(name, value));
  return lines.map((line) => `${line}\n`).join('');
}

function toLine(name: string, value: string): string {
  if (!SHELL_NAME.test(name))
    return `# ${JSON.stringify(name)} is left out: no shell variable can have this name`;
  if (value.includes('\0')) throw nulFault(name);
  return `${name}=${quote(value)}`;
}

// Within single quotes a shell changes nothing at all; a single quote itself has to stand outside of them.
function quote(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function nulFault(name: string): OptimusError {
  return new OptimusError('CONFIG_INVALID', {
    message: `the value of ${name} contains a NUL byte, which no environment variable can hold`,
    hint: 'hand binary data over as an asset, or encode it as base64',
    fields: { name },
  });
}
