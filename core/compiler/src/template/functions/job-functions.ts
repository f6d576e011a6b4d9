import { encodingFunctions } from '../sprig/encoding-functions.ts';
import { floatFunctions } from '../sprig/float-functions.ts';
import { hashFunctions } from '../sprig/hash-functions.ts';
import { jsonFunctions } from '../sprig/json-functions.ts';
import { listFunctions } from '../sprig/list-functions.ts';
import { mapFunctions } from '../sprig/map-functions.ts';
import { pathFunctions } from '../sprig/path-functions.ts';
import { refusedFunctions } from '../sprig/refused-functions.ts';
import { regexFunctions } from '../sprig/regex-functions.ts';
import { urlFunctions } from '../sprig/url-functions.ts';
import { valueFunctions } from '../sprig/value-functions.ts';
import { versionFunctions } from '../sprig/version-functions.ts';
import { wordFunctions } from '../sprig/word-functions.ts';
import { collectionFunctions } from './collection-functions.ts';
import { comparisonFunctions } from './comparison-functions.ts';
import { dateFunctions } from './date-functions.ts';
import { createFunctionTable, type FunctionTable } from './function-table.ts';
import { numberFunctions } from './number-functions.ts';
import { printingFunctions } from './printing-functions.ts';
import { textFunctions } from './text-functions.ts';

/** What templates in job specifications may call: Go's built-in functions, all of sprig's, and `Date`, `dateFrom`, `dateFromStr`. */
export const jobFunctions: FunctionTable = createFunctionTable(
  comparisonFunctions,
  collectionFunctions,
  printingFunctions,
  textFunctions,
  wordFunctions,
  numberFunctions,
  floatFunctions,
  valueFunctions,
  listFunctions,
  mapFunctions,
  jsonFunctions,
  encodingFunctions,
  hashFunctions,
  pathFunctions,
  urlFunctions,
  regexFunctions,
  versionFunctions,
  dateFunctions,
  refusedFunctions,
);
