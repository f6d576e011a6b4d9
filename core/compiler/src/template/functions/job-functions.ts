import { collectionFunctions } from './collection-functions.ts';
import { comparisonFunctions } from './comparison-functions.ts';
import { dateFunctions } from './date-functions.ts';
import { createFunctionTable, type FunctionTable } from './function-table.ts';
import { numberFunctions } from './number-functions.ts';
import { printingFunctions } from './printing-functions.ts';
import { textFunctions } from './text-functions.ts';
import { refusedFunctions, valueFunctions } from './value-functions.ts';

/** What templates in job specifications may call: Go's built-in functions, sprig's most used ones, and `Date`. */
export const jobFunctions: FunctionTable = createFunctionTable(
  comparisonFunctions,
  collectionFunctions,
  printingFunctions,
  textFunctions,
  valueFunctions,
  numberFunctions,
  dateFunctions,
  refusedFunctions,
);
