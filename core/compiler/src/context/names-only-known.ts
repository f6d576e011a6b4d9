import { isMap, type TemplateMap } from '../template/template-value.ts';

const ACTION = /\{\{[^]*?\}\}/g;
/** Words by which an action asks for what it does not name, or gives the dot another meaning. */
const INDIRECT = /\b(?:index|get|pluck|pick|dig|with|range|template|include|define|block)\b/;
const NAME = /\.(?:(secret|proj|inst|task)\.)?([\p{L}_][\p{L}\p{Nd}_]*)/gu;

/**
 * Whether all that the actions of a text name has a value, by their looks: most texts name a macro or two, and looking takes a tenth of
 * parsing and rendering them. A secret counts as one that has. False when looks do not tell.
 */
export function namesOnlyKnown(text: string, data: TemplateMap): boolean {
  for (const [action] of text.matchAll(ACTION)) {
    if (INDIRECT.test(action)) return false;
    for (const [, group, name = ''] of action.matchAll(NAME)) if (!isKnown(group, name, data)) return false;
  }
  return true;
}

function isKnown(group: string | undefined, name: string, data: TemplateMap): boolean {
  if (group === 'secret') return true;
  const known = group === undefined ? data : data[group];
  return isMap(known) && Object.hasOwn(known, name);
}
