/** Longer names than this are cut: they are shown in listings. */
const MOST_CHARACTERS = 200;

/**
 * Who made a change: as the client says with `x-author`, and beside it the name that the caller's credentials gave when it is
 * another, for anybody may say anything. Empty when neither is known. Text that a header cannot carry comes percent-encoded; UTF-8
 * as it is from those who send it regardless.
 */
export function toAuthor(header: string | undefined, callerName: string): string {
  const said = clean(decode(header ?? ''));
  if (said === '') return callerName;
  return callerName === '' || said.includes(callerName) ? said : `${said} (as ${callerName})`;
}

function decode(header: string): string {
  const text = decodeBytes(header);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** HTTP/1.1 hands header bytes over as Latin-1. */
function decodeBytes(header: string): string {
  const text = Buffer.from(header, 'latin1').toString();
  return text.includes('\u{FFFD}') ? header : text;
}

/** One line without anything that a terminal would act on. */
function clean(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MOST_CHARACTERS);
}
