import type { ParseResources } from '@optimus/plugin-host';
import { inferResources, SQL_STORES } from '@optimus/resolver';

/** The parsers that a plugin's file may name for its assets: the SQL of every store that we know. */
export const parseResources: ParseResources = (parser, texts, destination) => {
  const store = SQL_STORES.get(parser);
  if (!store) return undefined;
  const own = destination === undefined ? {} : { destination };
  return inferResources({ store, texts, ...own }).reads.map(({ urn }) => urn);
};
