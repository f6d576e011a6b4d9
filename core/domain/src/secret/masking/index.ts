export { maskError, maskText } from './mask-text.ts';
export { MIN_MASKED_BYTES } from './secret-forms.ts';
export { MASK, SecretPatterns, StreamMask } from './stream-mask.ts';
