import { type ConfigItem, OptimusError } from '@optimus/domain';
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, stringify, type YAMLSeq } from 'yaml';

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
  if (!list || list.items.length === 0) return replaceValue(text, { pair, from, to }, hook);
  return list.flow ? insertInFlow(text, to, hook) : insertInBlock(text, list, hook);
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

function appendKey(text: string, hook: NewHook): string {
  return `${endLine(text)}hooks:\n${formatItem(hook, '  ')}`;
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
  const newLine = `${text.slice(0, colon)}${comment}\n`;
  return `${newLine}${formatItem(hook, '  ')}${text.slice(rest)}`;
}

function insertInFlow(text: string, end: number, hook: NewHook): string {
  const bracket = text.lastIndexOf(']', end);
  const before = text.slice(0, bracket).trimEnd();
  const item = JSON.stringify(toPlain(hook));
  return `${before}${before.endsWith(',') ? '' : ','} ${item}${text.slice(before.length, bracket)}${text.slice(bracket)}`;
}

/** After the last line of the last item, at the dash of the first. */
function insertInBlock(text: string, list: YAMLSeq, hook: NewHook): string {
  const at = list.range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf('\n', at) + 1, at);
  const end = Math.max(
    ...list.items.map((item) => (isMap(item) || isScalar(item) ? (item.range?.[1] ?? 0) : 0)),
  );
  const lineEnd = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
  const until = lineEnd === -1 ? text.length : lineEnd + 1;
  return `${endLine(text.slice(0, until))}${formatItem(hook, indent)}${text.slice(until)}`;
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

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
