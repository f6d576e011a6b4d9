const FRACTION_BITS = 52n;
const EXPONENT_BIAS = 1023;

/** A float64 as `mantissa × 2^exponent` with an integer mantissa. */
interface BinaryFloat {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** A finite float64 under `%b`: `5629499534213120p-51`. */
export function formatBinaryFloat(value: number): string {
  const { negative, mantissa, exponent } = decompose(value);
  return `${negative ? '-' : ''}${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** A finite float64 under `%x` or `%X`: `0x1.4p+01`; precision counts hexadecimal digits after the point. */
export function formatHexFloat(
  value: number,
  { upper, precision }: { readonly upper: boolean; readonly precision: number | undefined },
): string {
  const { negative, ...parts } = decompose(value);
  const { mantissa, exponent } = roundTo(normalize(parts), precision);
  const digits = (mantissa & ((1n << FRACTION_BITS) - 1n)).toString(16).padStart(13, '0');
  const fraction =
    precision === undefined ? digits.replace(/0+$/, '') : digits.padEnd(precision, '0').slice(0, precision);
  const sign = exponent < 0 ? '-' : '+';
  const text = `${negative ? '-' : ''}0x${mantissa >> FRACTION_BITS}${fraction === '' ? '' : `.${fraction}`}p${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return upper ? text.toUpperCase() : text;
}

function decompose(value: number): BinaryFloat {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> FRACTION_BITS) & 0x7ffn);
  const fraction = bits & ((1n << FRACTION_BITS) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << FRACTION_BITS);
  return {
    negative: bits >> 63n === 1n,
    mantissa,
    exponent: Math.max(biased, 1) - EXPONENT_BIAS - Number(FRACTION_BITS),
  };
}

/** Moves the leading one to bit 52, so that the exponent is that of the first digit. */
function normalize({ mantissa, exponent }: Omit<BinaryFloat, 'negative'>): Omit<BinaryFloat, 'negative'> {
  if (mantissa === 0n) return { mantissa, exponent: 0 };
  const shift = Number(FRACTION_BITS) + 1 - mantissa.toString(2).length;
  return { mantissa: mantissa << BigInt(shift), exponent: exponent + Number(FRACTION_BITS) - shift };
}

function roundTo(
  parts: Omit<BinaryFloat, 'negative'>,
  precision: number | undefined,
): Omit<BinaryFloat, 'negative'> {
  if (precision === undefined || precision >= 13) return parts;
  const dropped = FRACTION_BITS - 4n * BigInt(precision);
  const half = 1n << (dropped - 1n);
  const isOdd = (parts.mantissa >> dropped) & 1n;
  const rounded = ((parts.mantissa + half - 1n + isOdd) >> dropped) << dropped;
  // Rounding 1.ff up gives 10.0: one more power of two.
  const overflows = rounded >> (FRACTION_BITS + 1n) !== 0n;
  return overflows
    ? { mantissa: rounded >> 1n, exponent: parts.exponent + 1 }
    : { ...parts, mantissa: rounded };
}
