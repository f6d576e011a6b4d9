/** An exact decimal number: `digits` times ten to the power of `exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Places that a quotient is rounded to, half away from zero. */
const QUOTIENT_PLACES = 16;

/** The shortest decimal that means the float. */
export function toDecimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The nearest float. */
export function toNumber({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** The divisor must not be zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const shift = a.exponent - b.exponent + QUOTIENT_PLACES;
  const numerator = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits;
  const denominator = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift);
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  const isHalf = 2n * absolute(rest) >= absolute(denominator);
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  return { digits: isHalf ? quotient + away : quotient, exponent: -QUOTIENT_PLACES };
}

function digitsAt({ digits, exponent }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(exponent - wanted);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
