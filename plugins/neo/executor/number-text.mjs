/** A number as its JSON text has it: `1.0` and `1` are not the same to everyone who prints them. */
class NumberText {
  constructor(text) {
    this.text = text;
  }

  /** As Python prints it: an integer by its digits, all else as the shortest text that reads back as the same number. */
  toString() {
    return /[.eE]/.test(this.text) ? formatFloat(Number(this.text)) : BigInt(this.text).toString();
  }
}

const marker = '\u0000number:';
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON, with each number as an object whose string form is Python's. */
export function parseKeepingNumbers(json) {
  const marked = json.replace(stringOrNumber, (token) =>
    token.startsWith('"') ? token : JSON.stringify(`${marker}${token}`),
  );
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(marker)
      ? new NumberText(value.slice(marker.length))
      : value,
  );
}

/** Between 1e-4 and 1e16 with a decimal point, beyond with an exponent of two digits at least. */
function formatFloat(value) {
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  // In this range only those below 1e-6 would come with an exponent, and there are none.
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
