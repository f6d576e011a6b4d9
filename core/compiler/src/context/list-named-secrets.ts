import type { Block, Operand, Pipeline, Statement } from '../template/ast.ts';
import { functionNames } from '../template/functions/function-table.ts';
import { jobFunctions } from '../template/functions/job-functions.ts';
import { parseTemplate } from '../template/parser.ts';
import { locate, type SourcePosition } from '../template/source-text.ts';

/** A secret that a template cannot do without, and where it is named. */
export interface NamedSecret extends SourcePosition {
  readonly name: string;
}

/** What reading a block knows of where it stands. */
interface Surroundings {
  /** Whether the dot is the data of the template, so that `.secret` are the secrets. */
  readonly isRoot: boolean;
  /** Secrets that an `if` or `with` around has asked for: they may be missing. */
  readonly optional: ReadonlySet<string>;
}

interface Mention {
  readonly name: string;
  readonly offset: number;
}

const KNOWN = functionNames(jobFunctions);
const MENTION = /\.secret\./;
/** Whoever calls one of these has an answer for a value that is missing. */
const ANSWERS: ReadonlySet<string> = new Set(
  'all and any coalesce default empty eq hasKey kindIs kindOf ne not or ternary typeIs typeOf'.split(' '),
);

/**
 * The secrets that the actions of a template print. Text outside of actions, comments and quotes name none, whatever they look like, and
 * what is asked for in an `if`, has a `default` or goes into a variable may be missing. A text that is no template names none. Pure.
 */
export function listNamedSecrets(text: string): readonly NamedSecret[] {
  if (!text.includes('{{') || !MENTION.test(text)) return [];
  return listMentions(text)
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ name, offset }) => ({ name, ...locate(text, offset) }));
}

function listMentions(text: string): readonly Mention[] {
  const root = { isRoot: true, optional: new Set<string>() };
  try {
    return parseTemplate({ name: '', text }, KNOWN).flatMap(({ body }) => readBlock(body, root));
  } catch {
    return [];
  }
}

function readBlock(block: Block, around: Surroundings): readonly Mention[] {
  return block.flatMap((statement) => readStatement(statement, around));
}

function readStatement(statement: Statement, around: Surroundings): readonly Mention[] {
  switch (statement.kind) {
    case 'action':
      return readAction(statement.pipeline, around);
    case 'if':
    case 'with':
    case 'range': {
      const asked = readPipeline(statement.pipeline, around).mentions.map(({ name }) => name);
      const within = { isRoot: around.isRoot, optional: new Set([...around.optional, ...asked]) };
      const isRoot = around.isRoot && statement.kind === 'if';
      return [
        ...readBlock(statement.body, { ...within, isRoot }),
        ...readBlock(statement.otherwise ?? [], within),
      ];
    }
    default:
      return [];
  }
}

function readAction(pipeline: Pipeline, around: Surroundings): readonly Mention[] {
  const { functions, mentions } = readPipeline(pipeline, around);
  if (pipeline.variables.length > 0 || functions.some((name) => ANSWERS.has(name))) return [];
  return mentions.filter(({ name }) => !around.optional.has(name));
}

interface PipelineParts {
  readonly functions: readonly string[];
  readonly mentions: readonly Mention[];
}

function readPipeline({ commands }: Pipeline, around: Surroundings): PipelineParts {
  const parts = commands
    .flatMap(({ operand, args }) => [operand, ...args])
    .map((operand) => readOperand(operand, around));
  return {
    functions: parts.flatMap(({ functions }) => functions),
    mentions: parts.flatMap(({ mentions }) => mentions),
  };
}

const NOTHING: PipelineParts = { functions: [], mentions: [] };

function readOperand(operand: Operand, around: Surroundings): PipelineParts {
  switch (operand.kind) {
    case 'pipeline':
      return readPipeline(operand, around);
    case 'chain':
      return readOperand(operand.operand, around);
    case 'function':
      return { functions: [operand.name], mentions: [] };
    case 'field':
      return around.isRoot ? toMention(operand) : NOTHING;
    case 'variable':
      return operand.name === '$' ? toMention(operand) : NOTHING;
    default:
      return NOTHING;
  }
}

function toMention({ path, start }: { readonly path: readonly string[]; readonly start: number }) {
  const [group, name] = path;
  if (group !== 'secret' || name === undefined) return NOTHING;
  return { functions: [], mentions: [{ name, offset: start }] };
}
