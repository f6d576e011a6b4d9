/** A decimal as its significant digits and the power of ten of the first one: 12.5 is `125` and 1. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

export type FloatVerb = 'e' | 'f' | 'g';

/** From this power of ten on the shortest form is `1e+06` instead of the digits. */
const PLAIN_EXPONENT_LIMIT = 6;

/** A float64 as `print` and `%v` write it. */
export function formatFloat(value: number): string {
  return formatNonFinite(value) ?? withSign(value, toShortestForm(toShortest(Math.abs(value))));
}

/** A float64 under `%e`, `%f` or `%g`; no precision means 6 for e and f, the shortest exact digits for g. */
export function formatFloatVerb(value: number, verb: FloatVerb, precision: number | undefined): string {
  return formatNonFinite(value) ?? withSign(value, formatMagnitude(Math.abs(value), verb, precision));
}

function formatNonFinite(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? undefined : value > 0 ? '+Inf' : '-Inf';
}

function withSign(value: number, magnitude: string): string {
  return value < 0 || Object.is(value, -0) ? `-${magnitude}` : magnitude;
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number | undefined): string {
  if (verb === 'f') return toFixedForm(roundAt(value, precision ?? 6));
  if (verb === 'e') return toExponentForm(roundSignificant(value, (precision ?? 6) + 1));
  return precision === undefined
    ? toShortestForm(toShortest(value))
    : toPreciseForm(value, precision === 0 ? 1 : precision);
}

function toShortest(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function toShortestForm(decimal: Decimal): string {
  const { exponent } = decimal;
  return exponent < -4 || exponent >= PLAIN_EXPONENT_LIMIT ? toExponentForm(decimal) : toPlainForm(decimal);
}

function toPreciseForm(value: number, precision: number): string {
  const { digits, exponent } = roundSignificant(value, precision);
  const trimmed = { digits: digits.replace(/0+$/, '') || '0', exponent };
  const limit = trimmed.digits.length > precision ? trimmed.digits.length : precision;
  return exponent < -4 || exponent >= limit ? toExponentForm(trimmed) : toPlainForm(trimmed);
}

function toPlainForm({ digits, exponent }: Decimal): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function toExponentForm({ digits, exponent }: Decimal): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const sign = exponent < 0 ? '-' : '+';
  return `${digits[0]}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function toFixedForm({ scaled, places }: Scaled): string {
  const digits = scaled.toString().padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** A value times ten to the power of `places`, rounded. */
interface Scaled {
  readonly scaled: bigint;
  readonly places: number;
}

// JavaScript rounds exact halves up, Go to even: 2.5 under %.0f is 3 there and 2 here. So the exact value is rounded.
function roundAt(value: number, places: number): Scaled {
  const { numerator, denominator } = toFraction(value);
  return { scaled: divideHalfEven(numerator * 10n ** BigInt(places), denominator), places };
}

function roundSignificant(value: number, count: number): Decimal {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const { exponent } = toShortest(value);
  const { numerator, denominator } = toFraction(value);
  const shift = count - 1 - exponent;
  const scaled =
    shift >= 0
      ? divideHalfEven(numerator * 10n ** BigInt(shift), denominator)
      : divideHalfEven(numerator, denominator * 10n ** BigInt(-shift));
  const digits = scaled.toString();
  // 9.99 rounded to two digits is 10: one digit more, so one power of ten more.
  return digits.length > count
    ? { digits: digits.slice(0, count), exponent: exponent + 1 }
    : { digits, exponent };
}

function toFraction(value: number): { readonly numerator: bigint; readonly denominator: bigint } {
  let scaled = value;
  let denominator = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const roundsUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return roundsUp ? quotient + 1n : quotient;
}
