import type { JobSpec } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { createInput, createJob } from './context-fixtures.ts';
import { findMissingValues } from './find-missing-values.ts';

const BASE = createJob().spec;

function findIn(changes: Partial<JobSpec>) {
  const job = createJob(changes);
  const input = createInput({ job, assets: job.spec.assets });
  return findMissingValues(input).map(({ path, place, message }) => {
    const [expression = '', suggestion = ''] = [
      /\{\{.*\}\}/.exec(message)?.[0],
      /did you mean.*/.exec(message)?.[0],
    ];
    return [place ? `${path}:${place.line}:${place.column}` : path, expression, suggestion];
  });
}

const configure = (value: string): Partial<JobSpec> => ({
  task: { ...BASE.task, config: [{ name: 'KEY', value }] },
});

describe('a missing value', () => {
  it('is told with the entry that names it and the name that was meant', () => {
    expect(findIn(configure('from {{.DSTRT}} to {{ .DEND }}'))).toEqual([
      ['task.config.KEY', '{{.DSTRT}}', 'did you mean "DSTART"?'],
    ]);
  });

  it('is told of configuration that neither project nor namespace has', () => {
    expect(findIn(configure('{{ .proj.NO_SUCH }}'))).toEqual([['task.config.KEY', '{{.proj.NO_SUCH}}', '']]);
  });

  it('of an asset is told once, with its place', () => {
    const assets = { 'q.sql': 'select\n  {{ .DENND }}, {{ .DENND }}', 'part.tpl': '{{ .DENND }}' };
    expect(findIn({ assets })).toEqual([['assets.q.sql:2:6', '{{.DENND}}', 'did you mean "DEND"?']]);
  });

  it('of a hook is told where it stands, with what the task gives it', () => {
    const config = [{ name: 'URL', value: 'http://x/{{ .task.RANGE_START }}/{{ .task.RANGE_STRT }}' }];
    const hooks = [{ name: 'audit', when: '{{ .DSTRT }}', config }];
    expect(findIn({ hooks })).toEqual([
      ['audit.when', '{{.DSTRT}}', 'did you mean "DSTART"?'],
      ['audit.config.URL', '{{.task.RANGE_STRT}}', 'did you mean "RANGE_START"?'],
    ]);
  });

  it('is told beside a secret that a function takes apart', () => {
    expect(findIn(configure('{{ .secret.token | b64enc | trunc 3 }} {{ .DSTRT }}'))).toHaveLength(1);
  });

  it('has no name that was meant where the name is right and the dot is another one', () => {
    const value = '{{ with dict "a" 1 }}{{ .DSTART }}{{ end }}';
    expect(findIn(configure(value))).toEqual([['task.config.KEY', '{{.DSTART}}', '']]);
  });

  it.each([
    '{{ $.DSTRT }}',
    '{{ index .proj "NO_SUCH" }}',
    '{{ with .proj }}{{ .NO_SUCH }}{{ end }}',
    '{{ .DSTART }}{{ .proj.DSTART }}',
  ])('is told whichever way it is named: %s', (value) => {
    expect(findIn(configure(value))).toHaveLength(1);
  });

  it.each([
    '{{ if .MAYBE }}x{{ end }}',
    '{{ .MAYBE | default "x" }}',
    '{{ .secret.token }}',
    '{{ .secret.token | fail }}',
    '{{ with .secret }}{{ .token }}{{ end }}',
    '{{ index .inst "DSTART" }}{{ $token := .secret.token }}{{ $token }}',
    '{{ index .inst "DSTART" }}{{ $parts := .secret.json | fromJson }}{{ $parts.user }}',
    '{{ if .secret.token }}x{{ else }}{{ .proj.NO_SUCH }}{{ end }}',
    '{{ with .secret }}{{ .token }}{{ end }}{{ .secret.other }}',
    '{{ .inst.DSTART }}{{ .GLOBAL__BUCKET | default "" }}',
  ])('is none of the business of %s', (value) => {
    expect(findIn(configure(value))).toEqual([]);
  });
});
