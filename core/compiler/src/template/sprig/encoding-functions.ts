import { toBytes } from '../bytes.ts';
import { callFault, defineFunction, type TemplateFunction, text } from '../functions/template-function.ts';
import { findBase32Fault, findBase64Fault } from './base-fault.ts';

/** What taking bytes apart costs against copying them. */
const BASE32_FACTOR = 8;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Sprig's base 64 and base 32. Bytes that are no text come back as U+FFFD: our strings hold no lone bytes. */
export const encodingFunctions: readonly TemplateFunction[] = [
  defineFunction('b64enc', [text], (value) => Buffer.from(value.toWellFormed(), 'utf8').toString('base64')),
  defineFunction('b64dec', [text], (value) => decodeOrSay(decodeBase64(value), 'base64', value)),
  defineFunction('b32enc', [text], (value, budget) => {
    budget.countWork(BASE32_FACTOR * value.length);
    return encodeBase32(toBytes(value));
  }),
  defineFunction('b32dec', [text], (value, budget) => {
    budget.countWork(BASE32_FACTOR * value.length);
    return decodeOrSay(decodeBase32(value), 'base32', value);
  }),
];

const PADDED = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of padded base 64, line ends ignored; undefined when it is none. */
function decodeBase64(value: string): Uint8Array | undefined {
  const compact = value.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && PADDED.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}

/** The same, or an error. @throws OptimusError `TEMPLATE_FAILED` */
export function requireBase64(value: string, what: string): Uint8Array {
  const bytes = decodeBase64(value);
  if (!bytes) throw callFault(`${what} is not base 64`);
  return bytes;
}

// Sprig writes Go's message into the output instead of failing.
function decodeOrSay(bytes: Uint8Array | undefined, encoding: 'base64' | 'base32', value: string): string {
  if (bytes) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const position = encoding === 'base64' ? findBase64Fault(value) : findBase32Fault(value);
  return `illegal ${encoding} data at input byte ${position}`;
}

function encodeBase32(bytes: Uint8Array): string {
  let output = '';
  for (let start = 0; start < bytes.length; start += 5)
    output += encodeGroup(bytes.subarray(start, start + 5));
  return output;
}

function encodeGroup(group: Uint8Array): string {
  let bits = 0n;
  for (let index = 0; index < 5; index++) bits = (bits << 8n) | BigInt(group[index] ?? 0);
  const digits = Array.from(
    { length: 8 },
    (_, index) => BASE32[Number((bits >> BigInt(35 - index * 5)) & 31n)],
  );
  return digits
    .join('')
    .slice(0, Math.ceil((group.length * 8) / 5))
    .padEnd(8, '=');
}

function decodeBase32(value: string): Uint8Array | undefined {
  const compact = value.replace(/[\r\n]/g, '');
  if (compact.length % 8 !== 0 || !/^[A-Z2-7]*(?:={0,1}|={3,4}|={6})$/.test(compact)) return undefined;
  const digits = compact.replace(/=/g, '');
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    bits = ((bits << 5) | BASE32.indexOf(digit)) & 0xffff;
    count += 5;
    if (count >= 8) bytes.push((bits >> (count -= 8)) & 0xff);
  }
  return Uint8Array.from(bytes);
}
