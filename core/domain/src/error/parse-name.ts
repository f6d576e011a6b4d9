import { OptimusError } from './optimus-error.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** The shared rule of names: a letter or digit, then letters, digits, `_`, `-` and `.`. @throws OptimusError `NAME_INVALID` */
export function parseName(noun: string, value: string, maxLength: number): string {
  if (value.length >= 1 && value.length <= maxLength && NAME.test(value)) return value;
  throw new OptimusError('NAME_INVALID', {
    message: `${noun} name ${JSON.stringify(value)} is not valid`,
    hint: `use 1 to ${maxLength} letters, digits, "_", "-" or ".", beginning with a letter or digit`,
    fields: { [noun]: value },
  });
}
