import { parseJobName } from '@optimus/domain';
import { expect, it } from 'vitest';
import { createPetname } from './petname.ts';

it('is two words, and good as the name of a job', () => {
  for (let count = 0; count < 200; count++) {
    const name = createPetname();
    expect(name).toMatch(/^[a-z]+_[a-z]+$/);
    expect(parseJobName(name)).toBe(name);
  }
});
