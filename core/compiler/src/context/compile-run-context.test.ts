import { type ConfigItem, OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { compileRunContext } from './compile-run-context.ts';
import { createInput } from './context-fixtures.ts';

function taskOf(...config: readonly ConfigItem[]) {
  return { task: { name: 'neo', config, window: { size: '24h', offset: '0', truncateTo: 'd' } } };
}

function entry(name: string, value: string): ConfigItem {
  return { name, value };
}

describe('the context of a task', () => {
  it('holds compiled configuration, secrets apart, and the variables of the run', () => {
    expect(compileRunContext(createInput())).toEqual({
      envs: {
        DEND: '2022-09-19T00:00:00Z',
        DSTART: '2022-09-18T00:00:00Z',
        EXECUTION_TIME: '2022-09-19T02:00:03.250Z',
        RANGE_END: '2022-09-19',
        RANGE_START: '2022-09-18T00:00:00Z',
      },
      secrets: { SECRET_KEY: '{"key":"s3cr\'t"}' },
      files: {},
      warnings: [],
    });
  });

  it('has its names in order, whatever order the author chose', () => {
    const { envs } = compileRunContext(createInput({}, taskOf(entry('Z', '1'), entry('A', '2'))));
    expect(Object.keys(envs)).toEqual(['A', 'DEND', 'DSTART', 'EXECUTION_TIME', 'Z']);
  });

  it('lets the namespace override the project, and offers both spellings', () => {
    const task = taskOf(entry('A', '{{.proj.BUCKET}}/{{.GLOBAL__BUCKET}}'), entry('B', '{{.proj.REGION}}'));
    expect(compileRunContext(createInput({}, task)).envs).toMatchObject({
      A: 'team-bucket/team-bucket',
      B: 'eu',
    });
  });

  it('finds configuration by upper-case keys however they were stored', () => {
    const input = createInput({}, taskOf(entry('A', '{{.GLOBAL__REGION}}')));
    const project = { ...input.project, config: { region: 'us' } };
    expect(compileRunContext({ ...input, project }).envs['A']).toBe('us');
  });

  it('offers the variables of the run as .inst too, and the destination when it is known', () => {
    const task = taskOf(entry('A', '{{.inst.DSTART}} {{.JOB_DESTINATION}} {{.inst.JOB_DESTINATION}}'));
    const { envs } = compileRunContext(createInput({ destination: 'p:d.t' }, task));
    expect(envs).toMatchObject({ A: '2022-09-18T00:00:00Z p:d.t p:d.t', JOB_DESTINATION: 'p:d.t' });
  });

  it('lets the variables of the run win over configuration of the same name, secret or not', () => {
    const task = taskOf(entry('DSTART', 'mine'), entry('DEND', '{{.secret.neo_api_key}}'));
    const { envs, secrets } = compileRunContext(createInput({}, task));
    expect(envs).toMatchObject({ DSTART: '2022-09-18T00:00:00Z', DEND: '2022-09-19T00:00:00Z' });
    expect(secrets).toEqual({});
  });

  it('names no value of a secret when it fails', () => {
    const compile = () =>
      compileRunContext(createInput({}, taskOf(entry('A', '{{ fail .secret.neo_api_key }}'))));
    expect(compile).toThrow(/error calling fail: \*\*\*$/);
  });

  it('calls an entry secret by what its author wrote, not by what came out', () => {
    const task = taskOf(
      entry('A', 'x{{ .secret.neo_api_key }}'),
      entry('B', '{{.proj.secret}}'),
      entry('C', '{{/* .secret.x */}}plain'),
    );
    const { envs, secrets } = compileRunContext(createInput({}, task));
    expect(Object.keys(secrets)).toEqual(['A', 'C']);
    expect(envs['B']).toBe('<no value>');
  });

  it('renders a missing value as Go does, and warns with place, expression and the key that was meant', () => {
    const task = taskOf(entry('KEY', '{{.secret.neo_apikey}}'), entry('G', 'a\n{{.GLOBAL__BUKET}}'));
    const { envs, secrets, warnings } = compileRunContext(createInput({}, task));
    expect([secrets['KEY'], envs['G']]).toEqual(['<no value>', 'a\n<no value>']);
    expect(warnings).toEqual([
      'task.neo.config.KEY:1:3: {{.secret.neo_apikey}} has no value and was written as "<no value>", did you mean "neo_api_key"?',
      'task.neo.config.G:2:3: {{.GLOBAL__BUKET}} has no value and was written as "<no value>", did you mean "GLOBAL__BUCKET"?',
    ]);
  });

  it('says which entry of which task a broken template is', () => {
    const compile = () => compileRunContext(createInput({}, taskOf(entry('KEY', '{{.secret.x'))));
    expect(compile).toThrow(OptimusError);
    expect(compile).toThrow(/^template task\.neo\.config\.KEY:1:1 at <\{\{\.secret\.x>: unclosed action$/);
  });

  it('is the same at every compilation and leaves its input as it was', () => {
    const input = createInput();
    const before = structuredClone(input);
    expect(compileRunContext(input)).toEqual(compileRunContext(input));
    expect(input).toEqual(before);
  });

  it('cannot be changed by its reader', () => {
    const context = compileRunContext(createInput({ assets: { f: 'x' } }));
    expect(
      [context, context.envs, context.secrets, context.files, context.warnings].every(Object.isFrozen),
    ).toBe(true);
  });

  it('takes keys that every object has for what they are: absent', () => {
    const task = taskOf(entry('A', '{{.secret.constructor}}'), entry('toString', 'x'));
    const { envs, secrets } = compileRunContext(createInput({}, task));
    expect([secrets['A'], envs['toString']]).toEqual(['<no value>', 'x']);
  });
});

describe('assets', () => {
  it('are compiled as one set with everything the configuration sees', () => {
    const assets = {
      'query.sql': '{{template "range.gtpl" .}} from {{.proj.BUCKET}} key {{.secret.neo_api_key}}\n',
      'range.gtpl': '{{.DSTART | Date}}..{{.DEND | Date}}',
    };
    expect(compileRunContext(createInput({ assets })).files).toEqual({
      'query.sql': '2022-09-18..2022-09-19 from team-bucket key {"key":"s3cr\'t"}\n',
      'range.gtpl': '{{.DSTART | Date}}..{{.DEND | Date}}',
    });
  });

  it('are those of the input, which a plugin may have rewritten, not those of the job', () => {
    const input = createInput({ assets: { 'a.sql': 'new' } }, { assets: { 'a.sql': 'old' } });
    expect(compileRunContext(input).files).toEqual({ 'a.sql': 'new' });
  });

  it('warn with file and line', () => {
    const { warnings } = compileRunContext(createInput({ assets: { 'q.sql': '\n {{.DSTRT}}' } }));
    expect(warnings).toEqual([
      'q.sql:2:4: {{.DSTRT}} has no value and was written as "<no value>", did you mean "DSTART"?',
    ]);
  });
});

describe('the context of a hook', () => {
  const hook = { type: 'hook', name: 'audit' } as const;

  function withHook(...config: readonly ConfigItem[]) {
    const specChanges = {
      hooks: [
        { name: 'other', config: [] },
        { name: 'audit', config },
      ],
    };
    return createInput({ instance: hook, assets: { f: '{{.TASK__RANGE_END}}' } }, specChanges);
  }

  it('holds its own configuration, compiled with that of the task', () => {
    const { envs, secrets } = compileRunContext(
      withHook(
        entry('A', '{{.task.RANGE_START}}'),
        entry('B', '{{.TASK__RANGE_END}}'),
        entry('C', '{{.secret.neo_api_key}}'),
      ),
    );
    expect(envs).toMatchObject({ A: '2022-09-18T00:00:00Z', B: '2022-09-19' });
    expect(envs).not.toHaveProperty('RANGE_START');
    expect(secrets).toEqual({ C: '{"key":"s3cr\'t"}' });
  });

  it('receives the assets of the job, compiled', () => {
    expect(compileRunContext(withHook()).files).toEqual({ f: '2022-09-19' });
  });
});
