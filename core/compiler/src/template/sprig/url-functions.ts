import {
  callFault,
  defineFunction,
  map,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { toMap } from '../map-entries.ts';
import { findEntry, type TemplateMap } from '../template-value.ts';
import { formatUrl, parseUrl } from './url.ts';

/** Sprig's URLs: taken apart into a map, and put together from one. */
export const urlFunctions: readonly TemplateFunction[] = [
  defineFunction('urlParse', [text], (value) => toMap(Object.entries(parseUrl(value)))),
  defineFunction('urlJoin', [map], (parts) =>
    formatUrl({
      scheme: readPart(parts, 'scheme'),
      userinfo: readPart(parts, 'userinfo'),
      host: readPart(parts, 'host'),
      path: readPart(parts, 'path'),
      query: readPart(parts, 'query'),
      opaque: readPart(parts, 'opaque'),
      fragment: readPart(parts, 'fragment'),
    }),
  ),
];

function readPart(parts: TemplateMap, key: string): string {
  if (!Object.hasOwn(parts, key)) return '';
  const part = findEntry(parts, key);
  if (typeof part !== 'string') throw callFault(`the ${key} of a URL must be a text`);
  return part;
}
