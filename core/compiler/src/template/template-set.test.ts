import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './budget.ts';
import { compileString } from './compile-string.ts';
import { parseTemplateSet } from './template-set.ts';

function failure(run: () => unknown): OptimusError {
  try {
    run();
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
  return expect.unreachable('it was expected to fail');
}

function outcomeOf(text: string): string {
  try {
    compileString('K', text, {});
    return 'rendered';
  } catch (error) {
    if (error instanceof OptimusError) return error.code;
    throw error;
  }
}

describe('a set of files', () => {
  it('lets every file use what any other file defines', () => {
    const set = parseTemplateSet({
      'query.sql':
        '{{$ctx := dict "somevar" "hello" "root" .}}{{template "partials.tmpl" $ctx}} {{template "name"}}',
      'partials.tmpl': '{{.somevar}} {{.root.DSTART | Date}}{{define "name"}}Ada{{end}}',
    });
    expect(set.render({ DSTART: '2022-09-18T00:00:00Z' }).files['query.sql']).toBe('hello 2022-09-18 Ada');
  });

  it('returns partials as they were written, whatever their suffix', () => {
    const files = {
      'a.gtpl': '{{.x}}',
      'b.j2': '{{.x}}',
      'c.tmpl': '{{.x}}',
      'd.tpl': '{{.x}}',
      'e.sql': '{{.x}}',
    };
    expect(parseTemplateSet(files).render({ x: 'y' }).files).toEqual({ ...files, 'e.sql': 'y' });
  });

  it('finds mistakes in partials too', () => {
    expect(failure(() => parseTemplateSet({ 'a.gtpl': '{{if}}' })).message).toContain('a.gtpl:1:');
  });

  it('keeps white space around a file', () => {
    expect(parseTemplateSet({ f: '\n{{.x}}\n' }).render({ x: 1n }).files).toEqual({ f: '\n1\n' });
  });

  it('lets a define in any file replace a block, whichever file comes first', () => {
    const block = '{{block "head" .}}default{{end}}';
    const define = '{{define "head"}}own{{end}}';
    expect(parseTemplateSet({ a: block, 'b.tpl': define }).render({}).files['a']).toBe('own');
    expect(parseTemplateSet({ 'a.tpl': define, b: block }).render({}).files['b']).toBe('own');
  });

  it('shares nothing between sets nor between renderings', () => {
    parseTemplateSet({ a: '{{define "leak"}}x{{end}}' });
    expect(failure(() => parseTemplateSet({ b: '{{template "leak"}}' }).render({})).message).toContain(
      '"leak" not defined',
    );
    const set = parseTemplateSet({ f: '{{.x}}' });
    expect([set.render({ x: 'a' }), set.render({ x: 'b' })].map(({ files }) => files['f'])).toEqual([
      'a',
      'b',
    ]);
  });

  it('reads files named like members of every object', () => {
    const files = Object.fromEntries([
      ['__proto__', 'p{{.constructor}}'],
      ['constructor', '{{template "__proto__" .}}'],
    ]);
    expect(parseTemplateSet(files).render({}).files['constructor']).toBe('p<no value>');
  });
});

describe('a single string', () => {
  it('loses the white space around it', () => {
    expect(compileString('KEY', '  {{.x}} \n', { x: ' a ' }).text).toBe('a');
    expect(compileString('KEY', '\u0085 plain ', {}).text).toBe('plain');
  });

  it('is rendered although its name ends like a partial', () => {
    expect(compileString('KEY.tmpl', '{{.x}}', { x: 'y' }).text).toBe('y');
  });
});

describe('what is missing', () => {
  it('renders as <no value> and is reported with file, place and expression', () => {
    const set = parseTemplateSet({ 'q.sql': 'a\n  {{.secret.api}}{{.n | default "d"}}{{.n}}' });
    const { files, warnings } = set.render({ secret: {} });
    expect(files['q.sql']).toBe('a\n  <no value>d<no value>');
    expect(warnings).toEqual([
      { file: 'q.sql', line: 2, column: 5, expression: '.secret.api' },
      { file: 'q.sql', line: 2, column: 40, expression: '.n' },
    ]);
  });
});

describe('errors', () => {
  it('name file, line, column and the offending text', () => {
    const error = failure(() => parseTemplateSet({ 'q.sql': 'SELECT\n  é{{ .x | uper }}' }));
    expect(error.code).toBe('TEMPLATE_INVALID');
    expect(error.fields).toEqual({ file: 'q.sql', line: '2', column: '12', text: 'uper' });
    expect(error.message).toBe(
      'template q.sql:2:12 at <uper>: function "uper" not defined, did you mean "upper"?',
    );
  });

  it('say where in which file a call failed, also inside a partial', () => {
    const set = parseTemplateSet({ 'a.sql': '{{template "p.tpl" .}}', 'p.tpl': '\n{{Date .day}}' });
    const error = failure(() => set.render({ day: 'soon' }));
    expect(error.code).toBe('TEMPLATE_FAILED');
    expect(error.message).toContain(
      'template p.tpl:2:3 at <Date .day>: error calling Date: the text is not an RFC 3339 time',
    );
  });

  it('quote a glance of a long text, and no half of a character', () => {
    const smiles = '\u{1F600}'.repeat(50);
    const error = failure(() => compileString('K', `{{slice "abc" "${smiles}"}}`, {}));
    expect(error.message).toContain(`at <slice "abc" "${'\u{1F600}'.repeat(33)}…>`);
    expect(error.message.isWellFormed()).toBe(true);
  });

  it('never carry the value of a field', () => {
    const error = failure(() => compileString('K', '{{index .secret.key 99}}', { secret: { key: 'hush' } }));
    expect(error.message).not.toContain('hush');
  });

  it.each([
    ['{{now}}', 'no run here whose time it could be'],
    ['{{uuidv4}}', 'change from one compilation to the next'],
    ['{{genCA "x" 1}}', 'another key or certificate'],
    ['{{bcrypt "x"}}', 'draws a random salt'],
    ['{{env "HOME"}}', "the server's environment"],
    ['{{getHostByName "x"}}', 'asks the network'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(failure(() => compileString('K', text, {})).message).toContain(reason);
  });

  it('point at an action that is never closed', () => {
    expect(failure(() => parseTemplateSet({ f: 'x{{range .a}}y' })).message).toContain(
      '{{range}} is never closed',
    );
  });
});

describe('a hostile template', () => {
  const limits = { ...DEFAULT_LIMITS, maxLength: 10_000, maxIterations: 1_000, maxSteps: 100_000 };
  const doubling = '{{$l := list 1}}{{range 40}}{{$l = list $l $l}}{{end}}';

  it.each([
    ['endless recursion', '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', 'levels deep'],
    [
      'a wide recursion',
      '{{define "r"}}{{if lt . 90}}{{template "r" (add1 .)}}{{template "r" (add1 .)}}{{end}}{{end}}{{template "r" 0}}',
      'steps',
    ],
    ['a long loop', '{{range 1000000000}}{{end}}', 'loops run more than'],
    ['long output', '{{range 900}}aaaaaaaaaaaaaaaa{{end}}', 'the output is longer'],
    ['a wide number', '{{$x := printf "%9000000d" 1}}', 'a value is longer'],
    [
      'a multiplying replace',
      '{{$s := "aaaaaaaaaa"}}{{range 9}}{{$s = replace "a" "aaaaaaaaaa" $s}}{{end}}',
      'a value is longer',
    ],
    ['a repeat', '{{$x := repeat 1000000000 "a"}}', 'a value is longer'],
    ['a join', '{{$x := join (repeat 9999 "a") (list 1 2 3)}}', 'a value is longer'],
    ['a list that unfolds when printed', `${doubling}{{$l}}`, 'template'],
    ['a list that unfolds under printf', `${doubling}{{printf "%d" $l}}`, 'template'],
  ])('%s is stopped', (_what, text, message) => {
    const error = failure(() => parseTemplateSet({ f: text }, { limits }).render({}));
    expect(error.code).toBe('TEMPLATE_TOO_LARGE');
    expect(error.message).toContain(message);
  });

  it.each([
    ['white space before an action', `a${' '.repeat(1_000_000)}b{{- 1}}`],
    ['a string of escapes', `{{"${'\\n'.repeat(300_000)}"}}`],
    ['a number', `{{${'1'.repeat(300_000)}x}}`],
    ['an unknown name', `{{${'a'.repeat(1_000_000)}}}`],
    ['missing values', '{{.x}}'.repeat(50_000)],
    ['variables', Array.from({ length: 20_000 }, (_, index) => `{{$x${index} := 1}}{{$x0}}`).join('')],
    ['white space around a value', `${' '.repeat(1_000_000)}x${' '.repeat(1_000_000)}{{1}}`],
  ])('of very much %s takes no more than its share of time', (_what, text) => {
    const startedAt = performance.now();
    expect(outcomeOf(text)).toBeOneOf(['rendered', 'TEMPLATE_INVALID']);
    // Each of these once took minutes: far above what it takes now, on a busy machine too.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([
    ['parentheses', `{{${'('.repeat(100_000)}1${')'.repeat(100_000)}}}`],
    ['ifs', '{{if true}}'.repeat(100_000)],
    ['else ifs', `{{if false}}${'{{else if true}}'.repeat(100_000)}{{end}}`],
    ['blocks', '{{block "b" .}}'.repeat(100_000)],
  ])('deeply nested %s are refused, not a crash', (_what, text) => {
    expect(failure(() => parseTemplateSet({ f: text })).code).toBe('TEMPLATE_INVALID');
  });
});
