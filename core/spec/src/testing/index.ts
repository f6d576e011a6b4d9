export { mutate } from './mutate.ts';
export { createRandom, type Random } from './random.ts';
