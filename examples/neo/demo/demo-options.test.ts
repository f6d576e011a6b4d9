import { expect, it } from 'vitest';
import { parseDemoOptions } from './demo-options.ts';

it('ends the server unless told to keep it', () => {
  expect(parseDemoOptions([])).toEqual({ keep: false, stop: false, help: false });
  expect(parseDemoOptions(['--stop'])).toMatchObject({ stop: true });
  expect(parseDemoOptions(['--keep'])).toMatchObject({ keep: true });
});

it('refuses a flag it does not know, by name', () => {
  expect(() => parseDemoOptions(['--kep'])).toThrow("Unknown option '--kep'");
});
