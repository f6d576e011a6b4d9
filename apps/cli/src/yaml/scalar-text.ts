export { count, flag, listOf, optionalText, section, text, textMap } from '@optimus/spec';
