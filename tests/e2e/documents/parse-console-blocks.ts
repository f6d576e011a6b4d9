/** One command of a document with the output that the document shows below it. */
export interface ShownCommand {
  readonly command: string;
  /** Lines as shown, without the command. */
  readonly output: readonly string[];
  /** The line of the document, counted from 1. */
  readonly line: number;
}

/**
 * The commands of a document's ```console blocks, in order: a line that begins with `$ ` is typed (a `\` at its end
 * carries on into the next line), what follows it is what it prints. Blocks of any other language are not run.
 */
export function parseConsoleBlocks(markdown: string): readonly ShownCommand[] {
  const lines = markdown.split('\n');
  const commands: { command: string; output: string[]; line: number }[] = [];
  let isInside = false;
  for (const [index, text] of lines.entries()) {
    if (text.startsWith('```')) isInside = text === '```console';
    else if (isInside) addLine(commands, text, index + 1);
  }
  return commands.map(({ output, ...rest }) => ({ ...rest, output: trimBlank(output) }));
}

function addLine(
  commands: { command: string; output: string[]; line: number }[],
  text: string,
  line: number,
): void {
  const last = commands.at(-1);
  if (text.startsWith('$ ')) commands.push({ command: text.slice(2), output: [], line });
  else if (last?.command.endsWith('\\') && last.output.length === 0) last.command += `\n${text}`;
  else last?.output.push(text);
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, end + 1);
}
