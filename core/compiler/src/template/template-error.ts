import { type ErrorCode, OptimusError } from '@optimus/domain';
import { locate, type SourceText, type Span } from './source-text.ts';

const LONGEST_EXCERPT = 80;

/** What went wrong with a template, and where. */
export interface TemplateFault {
  readonly source: SourceText;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A template that cannot be parsed: code `TEMPLATE_INVALID`. */
export function parseFault(fault: TemplateFault): OptimusError {
  return templateError('TEMPLATE_INVALID', fault);
}

/** A template that failed while it was rendered: code `TEMPLATE_FAILED`. */
export function renderFault(fault: TemplateFault): OptimusError {
  return templateError('TEMPLATE_FAILED', fault);
}

/** A template stopped at one of its bounds: code `TEMPLATE_TOO_LARGE`. */
export function limitFault(fault: TemplateFault): OptimusError {
  return templateError('TEMPLATE_TOO_LARGE', fault);
}

function templateError(code: ErrorCode, { source, span, message, hint, cause }: TemplateFault): OptimusError {
  const { line, column } = locate(source.text, span.start);
  const excerpt = toExcerpt(source.text.slice(span.start, span.end));
  const near = excerpt === '' ? '' : ` at <${excerpt}>`;
  return new OptimusError(code, {
    message: `template ${source.name}:${line}:${column}${near}: ${message}`,
    fields: { file: source.name, line: String(line), column: String(column), text: excerpt },
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Text as messages quote it: on one line, and never more than a glance of it. */
export function toExcerpt(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  if (oneLine.length <= LONGEST_EXCERPT) return oneLine;
  return `${oneLine.slice(0, LONGEST_EXCERPT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
