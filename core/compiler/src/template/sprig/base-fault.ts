const BASE64_DIGIT = /[A-Za-z0-9+/]/;
const BASE32_DIGIT = /[A-Z2-7]/;

/** Where Go finds that a text is not base 64: the byte that cannot stand where it stands, or the start of the broken group. */
export function findBase64Fault(value: string): number {
  const bytes = toBinary(value);
  let digits = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charAt(at);
    if (isLineEnd(byte)) continue;
    if (byte === '=') return findPaddingFault(bytes, at, digits);
    if (!BASE64_DIGIT.test(byte)) return at;
    digits = (digits + 1) % 4;
  }
  return bytes.length - digits;
}

// After the padding there may be nothing but line ends; two digits need a second sign.
function findPaddingFault(bytes: string, at: number, digits: number): number {
  if (digits < 2) return at;
  let next = skipLineEnds(bytes, at + 1);
  if (digits === 2) {
    if (next === bytes.length) return bytes.length;
    if (bytes.charAt(next) !== '=') return next - 1;
    next = skipLineEnds(bytes, next + 1);
  }
  return next;
}

/** The same for base 32, which Go reads after taking the line ends out. */
export function findBase32Fault(value: string): number {
  const bytes = toBinary(value).replace(/[\r\n]/g, '');
  for (let group = 0; ; group += 8) {
    const fault = findGroupFault(bytes, group);
    if (fault !== undefined) return fault;
  }
}

function findGroupFault(bytes: string, group: number): number | undefined {
  for (let digits = 0; digits < 8; digits++) {
    const at = group + digits;
    if (at >= bytes.length) return group;
    const byte = bytes.charAt(at);
    const isLastGroup = bytes.length - at - 1 < 8;
    if (byte === '=' && digits >= 2 && isLastGroup) return findBase32PaddingFault(bytes, at, digits);
    if (!BASE32_DIGIT.test(byte)) return at;
  }
  return undefined;
}

function findBase32PaddingFault(bytes: string, at: number, digits: number): number {
  if (bytes.length - group8(at) < 8) return bytes.length;
  for (let next = at + 1; next < at + 8 - digits; next++) if (bytes.charAt(next) !== '=') return next - 1;
  return at;
}

function group8(at: number): number {
  return at - (at % 8);
}

function isLineEnd(byte: string): boolean {
  return byte === '\n' || byte === '\r';
}

function skipLineEnds(bytes: string, from: number): number {
  let at = from;
  while (isLineEnd(bytes.charAt(at))) at++;
  return at;
}

// Go counts bytes.
function toBinary(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}
