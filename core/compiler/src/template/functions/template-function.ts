import { OptimusError } from '@optimus/domain';
import type { Budget } from '../budget.ts';
import {
  isList,
  isMap,
  type TemplateList,
  type TemplateMap,
  type TemplateValue,
  typeName,
} from '../template-value.ts';

/** A kind of parameter: its Go name for messages, and how a value becomes one. */
export interface Parameter<T> {
  readonly expects: string;
  /** Undefined: the value is not of this kind. */
  readonly read: (value: TemplateValue) => T | undefined;
}

/** A function as the evaluator calls it; arguments are already evaluated and counted. */
export interface TemplateFunction {
  readonly name: string;
  readonly minArguments: number;
  /** Infinity when the function is variadic. */
  readonly maxArguments: number;
  readonly call: (args: TemplateList, budget: Budget) => TemplateValue;
}

type Values<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

export const text: Parameter<string> = {
  expects: 'string',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** An integer; `3.0` is one too, as Go takes it where it is written as a constant. */
export const integer: Parameter<bigint> = {
  expects: 'int',
  read: (value) => {
    if (typeof value === 'bigint') return value;
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
  },
};

export const flag: Parameter<boolean> = {
  expects: 'bool',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

export const list: Parameter<TemplateList> = {
  expects: 'list',
  read: (value) => (isList(value) ? value : undefined),
};

/** A map; what is missing is an empty one, and so is a `nil` as written. As in Go a nil inside the data is none. */
export const map: Parameter<TemplateMap> = {
  expects: 'map',
  read: (value) => {
    if (value === undefined) return NO_ENTRIES;
    return isMap(value) ? value : undefined;
  },
};

const NO_ENTRIES: TemplateMap = Object.freeze({});

/** Any value; a missing one arrives as nil, as in Go. */
export const any: Parameter<Exclude<TemplateValue, undefined>> = {
  expects: 'value',
  read: (value) => value ?? null,
};

/** A function of fixed parameters. */
export function defineFunction<const P extends readonly Parameter<unknown>[]>(
  name: string,
  params: P,
  call: (...args: [...Values<P>, Budget]) => TemplateValue,
): TemplateFunction {
  return {
    name,
    minArguments: params.length,
    maxArguments: params.length,
    call: (args, budget) => call(...(readAll(params, args) as Values<P>), budget),
  };
}

/** A function whose last parameter takes any number of arguments, handed over as one list. */
export function defineVariadic<const P extends readonly Parameter<unknown>[], R>(
  name: string,
  params: P,
  rest: Parameter<R>,
  call: (...args: [...Values<P>, readonly R[], Budget]) => TemplateValue,
): TemplateFunction {
  return {
    name,
    minArguments: params.length,
    maxArguments: Number.POSITIVE_INFINITY,
    call: (args, budget) => {
      const more = args.slice(params.length).map((value) => readOne(rest, value));
      return call(...(readAll(params, args) as Values<P>), more, budget);
    },
  };
}

/** An error without a place: the evaluator adds function, file, line and column. */
export function callFault(message: string, hint?: string): OptimusError {
  return new OptimusError('TEMPLATE_FAILED', { message, ...(hint === undefined ? {} : { hint }) });
}

function readAll(params: readonly Parameter<unknown>[], args: TemplateList): readonly unknown[] {
  return params.map((param, index) => readOne(param, args[index]));
}

function readOne<T>(param: Parameter<T>, value: TemplateValue): T {
  const read = param.read(value);
  if (read !== undefined) return read;
  if (value === undefined || value === null)
    throw callFault(`invalid value; expected ${param.expects}`, 'give a missing key a value with default');
  throw callFault(`wrong type for value; expected ${param.expects}; got ${typeName(value)}`);
}
