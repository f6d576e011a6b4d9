import { describe, expect, it } from 'vitest';
import { parsePresetsFile } from './read-presets.ts';

function parse(text: string) {
  return parsePresetsFile({ file: 'presets.yaml', text });
}

describe('a file of presets', () => {
  it('holds windows by name, in lower case', () => {
    const presets = parse(`presets:
  Yesterday:
    description: the day before
    window: { size: 1d, shift_by: -1d, truncate_to: d, location: Asia/Jakarta }
  last_month:
    description: the month before
    window: { size: 1M }
`);
    const day = { size: '1d', shiftBy: '-1d', truncateTo: 'd', location: 'Asia/Jakarta' };
    expect(presets).toEqual({
      yesterday: { description: 'the day before', ...day },
      last_month: { description: 'the month before', size: '1M', truncateTo: '' },
    });
  });

  it('may hold none', () => {
    expect(parse('presets: {}')).toEqual({});
  });

  it.each([
    ['presets:\n  a:\n    window: { size: 1d }\n', 'presets.a.description is missing'],
    ['presets:\n  a:\n    description: x\n    window: { sise: 1d }\n', 'did you mean "size"'],
    [
      'presets:\n  a:\n    description: x\n    window: { size: 1g }\n',
      'presets.yaml:4:21 preset "a": window size',
    ],
    [
      'presets:\n  "a b":\n    description: x\n    window: { size: 1d }\n',
      'presets.yaml:2:3 the preset name "a b"',
    ],
    [
      'presets:\n  a:\n    description: x\n    window: { size: 1d }\n  A:\n    description: x\n    window: { size: 1d }\n',
      'the preset "a" is given twice',
    ],
  ])('is refused with the place and the mend: %j', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });
});
