import { TokenKind } from '../token/sql-tokens.ts';
import { isInFrom } from './frame.ts';
import type { SqlWalk } from './sql-walk.ts';
import { walkCteToken } from './walk-cte.ts';
import { openParentheses, walkClosing } from './walk-parentheses.ts';
import { walkAlias, walkFromItem, walkQueryWord, walkSource } from './walk-query.ts';
import { walkControlWord, walkHeadWord, walkStart, walkTarget } from './walk-statement.ts';

/** Looks at every token once, or a few times where a decision needs it. Linear; never throws. */
export function walkScript(walk: SqlWalk): void {
  while (walk.tokens.kind(walk.at) !== TokenKind.end) {
    if (!walkPunctuation(walk) && !walkMode(walk)) walk.at += 1;
  }
}

/** Each stage says whether it has moved on; when none has, the token means nothing here. */
function walkPunctuation(walk: SqlWalk): boolean {
  switch (walk.symbol()) {
    case ';':
      walk.startStatement();
      break;
    case '(':
      openParentheses(walk);
      break;
    case '[':
      if (walk.frame.mode === 'from') return false;
      walk.openFrame('plain');
      walk.frame.mode = 'expression';
      break;
    case ')':
    case ']':
      walkClosing(walk);
      break;
    case ',':
      return walkComma(walk);
    case '|':
      return walkPipe(walk);
    default:
      return false;
  }
  walk.at += 1;
  return true;
}

function walkComma(walk: SqlWalk): boolean {
  const { frame } = walk;
  if (frame.mode === 'cte-done') return false;
  if (isInFrom(frame) && frame.commasSeparate) {
    if (frame.mode === 'alias') walk.defineAlias(frame.impliedAlias);
    frame.mode = 'from';
  } else if (frame.verb === 'TRUNCATE') frame.mode = 'target';
  walk.at += 1;
  return true;
}

/** `|>` begins the next step of a query. */
function walkPipe(walk: SqlWalk): boolean {
  if (walk.symbol(1) !== '>') return false;
  const { frame } = walk;
  if (frame.mode === 'alias') walk.defineAlias(frame.impliedAlias);
  frame.mode = 'expression';
  walk.at += 2;
  if (walk.word() === 'AS') walk.at += 1;
  return true;
}

function walkMode(walk: SqlWalk): boolean {
  if (walkControlWord(walk)) return true;
  switch (walk.frame.mode) {
    case 'start':
      return walkStart(walk);
    case 'target':
      return walkTarget(walk);
    case 'source':
      return walkSource(walk);
    case 'from':
      return walkFromItem(walk);
    case 'alias':
      return walkAlias(walk);
    case 'cte-name':
    case 'cte-as':
    case 'cte-body':
    case 'cte-done':
      return walkCteToken(walk);
    case 'head':
      return walkHeadWord(walk);
    case 'rest':
    case 'expression':
      return walkQueryWord(walk);
    case 'skip':
      return false;
  }
}
