/** What a password of each kind may look like, one letter a character of the class below. Source: the Master Password algorithm. */
const FORMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    maximum: 'anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno',
    long:
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
      'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
      'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno',
    medium: 'CvcnoCvc CvcCvcno',
    short: 'Cvcn',
    basic: 'aaanaaan aannaaan aaannaaa',
    pin: 'nnnn',
  }).map(([kind, forms]) => [kind, forms.split(' ')]),
);

const CAPITAL_VOWELS = 'AEIOU';
const CAPITAL_CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ';
const LETTERS = `${CAPITAL_VOWELS}aeiou${CAPITAL_CONSONANTS}bcdfghjklmnpqrstvwxyz`;

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['V', CAPITAL_VOWELS],
  ['C', CAPITAL_CONSONANTS],
  ['v', 'aeiou'],
  ['c', 'bcdfghjklmnpqrstvwxyz'],
  ['A', CAPITAL_VOWELS + CAPITAL_CONSONANTS],
  ['a', LETTERS],
  ['n', '0123456789'],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${LETTERS}0123456789!@#$%^&*()`],
]);

/** The password that a seed of 32 bytes spells; an unknown kind is said in its place, as sprig does. */
export function derivePasswordText(kind: string, seed: Uint8Array): string {
  const forms = FORMS.get(kind);
  if (!forms) return `cannot find password template ${kind}`;
  const form = forms[(seed[0] ?? 0) % forms.length] ?? '';
  return [...form].map((letter, index) => pickCharacter(letter, seed[index + 1] ?? 0)).join('');
}

function pickCharacter(letter: string, byte: number): string {
  const characters = CLASSES.get(letter) ?? '';
  return characters.charAt(byte % characters.length);
}
