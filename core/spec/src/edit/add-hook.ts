import { type ConfigItem, OptimusError } from '@optimus/domain';
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  stringify,
  type YAMLSeq,
} from 'yaml';

/** A hook as it is written. */
export interface NewHook {
  readonly name: string;
  readonly config: readonly ConfigItem[];
}

/**
 * The text of a `job.yaml` with a hook more: what is there keeps its comments, its order and its spelling, to the byte.
 * @throws OptimusError `SPEC_INVALID` when the text cannot be read, `REQUEST_INVALID` when the hook is there already
 */
export function addHook(text: string, hook: NewHook): string {
  const hooks = findHooks(text, hook.name);
  if (!hooks) return appendKey(text, hook);
  const { pair, list } = hooks;
  const [from = 0, to = from] = isScalar(pair.value) || isSeq(pair.value) ? (pair.value.range ?? []) : [];
  if (list && list.items.length > 0)
    return list.flow ? insertInFlow(text, list, hook) : insertInBlock(text, list, hook);
  // A comment between the brackets stays there.
  if (text.slice(from, to).includes('#')) return insertBeforeBracket(text, to - 1, hook);
  return replaceValue(text, { pair, from, to }, hook);
}

interface Hooks {
  readonly pair: Pair;
  readonly list: YAMLSeq | undefined;
}

function findHooks(text: string, name: string): Hooks | undefined {
  const document = parseDocument(text, { lineCounter: new LineCounter(), schema: 'failsafe', merge: true });
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root)) {
    throw new OptimusError('SPEC_INVALID', {
      message: `the file cannot be read: ${document.errors[0]?.message ?? 'it is no map'}`,
      hint: 'mend it first; optimus job validate names the places',
    });
  }
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'hooks');
  if (!pair) return undefined;
  const list = isSeq(pair.value) ? pair.value : undefined;
  if (list?.items.some((item) => isMap(item) && String(item.get('name')) === name)) {
    throw new OptimusError('REQUEST_INVALID', { message: `the job has the hook ${name} already` });
  }
  return { pair, list };
}

/** At the end of the document, which a line of three dots may mark. */
function appendKey(text: string, hook: NewHook): string {
  const end = /^\.{3}(?=\s|$)/m.exec(text)?.index ?? text.length;
  const key = toLines(text, `hooks:\n${formatItem(hook, '  ')}`);
  return `${endLine(text.slice(0, end), text)}${key}${text.slice(end)}`;
}

/** `hooks:` and `hooks: []` become a block. What follows on the line is a comment, and stays on it. */
function replaceValue(
  text: string,
  { pair, from, to }: { readonly pair: Pair; readonly from: number; readonly to: number },
  hook: NewHook,
): string {
  const keyEnd = (isScalar(pair.key) ? pair.key.range?.[1] : undefined) ?? from;
  const colon = text.indexOf(':', keyEnd) + 1;
  const valueEnd = Math.max(to, colon);
  const lineEnd = text.indexOf('\n', valueEnd);
  const rest = lineEnd === -1 ? text.length : lineEnd + 1;
  const comment = text.slice(valueEnd, rest).trimEnd();
  const item = toLines(text, `${comment}\n${formatItem(hook, '  ')}`);
  return `${text.slice(0, colon)}${item}${text.slice(rest)}`;
}

/** Right after the last item: what follows may be a comma, which may stand before the bracket, or a comment. */
function insertInFlow(text: string, list: YAMLSeq, hook: NewHook): string {
  const end = findEnd(list);
  return `${text.slice(0, end)}, ${JSON.stringify(toPlain(hook))}${text.slice(end)}`;
}

function insertBeforeBracket(text: string, bracket: number, hook: NewHook): string {
  const item = toLines(text, `  ${JSON.stringify(toPlain(hook))}\n`);
  return `${text.slice(0, bracket)}${item}${text.slice(bracket)}`;
}

/** After the last line of the last item, at the dash of the first. */
function insertInBlock(text: string, list: YAMLSeq, hook: NewHook): string {
  const at = list.range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf('\n', at) + 1, at);
  const end = findEnd(list);
  const lineEnd = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
  const until = lineEnd === -1 ? text.length : lineEnd + 1;
  return `${endLine(text.slice(0, until), text)}${toLines(text, formatItem(hook, indent))}${text.slice(until)}`;
}

/** Where the last item ends. */
function findEnd({ items }: YAMLSeq): number {
  return Math.max(...items.map((item) => (isNode(item) ? (item.range?.[1] ?? 0) : 0)));
}

function formatItem(hook: NewHook, indent: string): string {
  const lines = stringify([toPlain(hook)], { lineWidth: 0 })
    .trimEnd()
    .split('\n');
  return `${lines.map((line) => (line === '' ? line : `${indent}${line}`)).join('\n')}\n`;
}

function toPlain({ name, config }: NewHook) {
  return { name, config: Object.fromEntries(config.map((item) => [item.name, item.value])) };
}

/** What is new, with the line ends of the text that it goes into. */
function toLines(text: string, added: string): string {
  return /\r\n/.test(text) ? added.replaceAll('\n', '\r\n') : added;
}

function endLine(part: string, text: string): string {
  return part === '' || part.endsWith('\n') ? part : `${part}${toLines(text, '\n')}`;
}
