import { describe, expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';
import { checkConstraint } from './constraint.ts';
import { SemanticVersion } from './version.ts';

describe('a version', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2', '1.2.0'],
    ['1', '1.0.0'],
    ['1.2.3-beta.1+build', '1.2.3-beta.1+build'],
  ])('%s reads as %s', (text, expected) => {
    expect(SemanticVersion.parse(text)?.print()).toBe(expected);
  });

  it.each([
    '',
    'x',
    '1.2.3.4',
    '1.2.3-01',
    '1.2.3-',
    '99999999999999999999.0.0',
    '1.0.0\n',
    `1.${'0'.repeat(300)}`,
  ])('%j is none', (text) => {
    expect(SemanticVersion.parse(text)).toBeUndefined();
  });

  it('comes after its pre-releases, which are ordered by their parts', () => {
    const ordered = [
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
    ];
    const versions = ordered.map((text) => SemanticVersion.parse(text));
    versions.slice(1).forEach((later, index) => {
      const earlier = versions[index];
      expect(earlier && later && earlier.compare(later), `${ordered[index]} < ${ordered[index + 1]}`).toBe(
        -1,
      );
    });
  });

  it('shows its parts to templates', () => {
    const template =
      '{{with semver "v1.2.3-rc+x"}}{{.Major}} {{.Minor}} {{.Patch}} {{.Prerelease}} {{.Metadata}} {{.Original}}{{end}}';
    expect(renderTemplate(template)).toBe('1 2 3 rc x v1.2.3-rc+x');
    expect(findTemplateError('{{(semver "1.0.0").Nope}}')?.message).toContain("can't evaluate field Nope");
    expect(findTemplateError('{{semver "one"}}')?.message).toContain('not a semantic version');
  });
});

describe('a constraint', () => {
  it.each([
    ['1.2.3', '1.2.3', true],
    ['!=1.2.3', '1.2.3', false],
    ['>1.2', '1.2.9', false],
    ['>1.2', '1.3.0', true],
    ['<=1.2', '1.2.9', true],
    ['>=1.2, <2', '1.9.9', true],
    ['>=1.2 <2', '2.0.0', false],
    ['~1.2.3', '1.2.9', true],
    ['~1.2.3', '1.3.0', false],
    ['~1', '1.9.0', true],
    ['^1.2.3', '1.9.0', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.4', false],
    ['1.x', '1.5.0', true],
    ['*', '0.0.1', true],
    ['1.2 - 1.4', '1.3.5', true],
    ['1.2 || >=3', '3.1.0', true],
    ['>=1.0.0', '1.2.0-beta', false],
    ['>=1.0.0-0', '1.2.0-beta', true],
    ['!=1.2.x', '1.2.5', false],
  ])('%s of %s is %s', (constraint, text, expected) => {
    const version = SemanticVersion.parse(text);
    expect(version && checkConstraint(constraint, version)).toBe(expected);
  });

  it.each(['', 'one', '>', '1.2.3.4', '1.2,', '||', '> = 1', '1'.repeat(2000)])(
    '%j cannot be read',
    (constraint) => {
      const error = findTemplateError('{{semverCompare .c "1.2.3"}}', { c: constraint });
      expect(error?.message).toContain('the constraint cannot be read');
    },
  );
});
