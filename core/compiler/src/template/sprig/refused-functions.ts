import { any, callFault, defineVariadic, type TemplateFunction } from '../functions/template-function.ts';

interface Refusal {
  readonly names: readonly string[];
  readonly reason: string;
  readonly hint: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    names: [
      'randAlpha',
      'randAlphaNum',
      'randAscii',
      'randNumeric',
      'randInt',
      'randBytes',
      'uuidv4',
      'shuffle',
    ],
    reason: 'its result would change from one compilation to the next',
    hint: 'derive a value from .EXECUTION_TIME, .DSTART or .DEND, e.g. with sha256sum',
  },
  {
    names: ['bcrypt', 'htpasswd', 'encryptAES'],
    reason: 'it draws a random salt, so its result would change from one compilation to the next',
    hint: 'compute the value once and store it as a secret',
  },
  {
    names: [
      'genPrivateKey',
      'genCA',
      'genCAWithKey',
      'genSelfSignedCert',
      'genSelfSignedCertWithKey',
      'genSignedCert',
      'genSignedCertWithKey',
    ],
    reason: 'each compilation would make another key or certificate',
    hint: 'make it once and store it as a secret',
  },
  {
    names: ['env', 'expandenv'],
    reason: "it reads the server's environment",
    hint: 'put the value into the project or namespace config, or a secret',
  },
  {
    names: ['getHostByName'],
    reason: 'it asks the network',
    hint: 'put the address into the project or namespace config',
  },
];

/** Sprig's functions that a run may not call, with the reason: a run compiled again must give the same text. */
export const refusedFunctions: readonly TemplateFunction[] = REFUSALS.flatMap(({ names, reason, hint }) =>
  names.map((name) =>
    defineVariadic(name, [], any, () => {
      throw callFault(`${name} is not available: ${reason}`, hint);
    }),
  ),
);
