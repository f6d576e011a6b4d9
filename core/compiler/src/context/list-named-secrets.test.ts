import { describe, expect, it } from 'vitest';
import { listNamedSecrets } from './list-named-secrets.ts';

const namesIn = (text: string) => listNamedSecrets(text).map(({ name }) => name);

describe('a secret', () => {
  it.each([
    '{{.secret.key}}',
    '{{ $.secret.key }}',
    '{{- .secret.key | b64enc -}}',
    '{{ printf "Bearer %s" .secret.key }}',
    '{{ printf "%s" (b64enc .secret.key) }}',
    '{{ if .proj.ON }}{{ .secret.key }}{{ end }}',
    '{{ range list 1 }}{{ $.secret.key }}{{ end }}',
    '{{ if .secret.other }}{{ .secret.key }}{{ end }}',
    '{{ define "part" }}{{ .secret.key }}{{ end }}',
  ])('is named by %s', (text) => {
    expect(namesIn(text)).toEqual(['key']);
  });

  it('is told with its place, in the order in which they are named', () => {
    expect(listNamedSecrets('a\n  {{ .secret.one }}\n{{define "x"}}{{.secret.two}}{{end}}')).toEqual([
      { name: 'one', line: 2, column: 6 },
      { name: 'two', line: 3, column: 17 },
    ]);
  });

  it.each([
    'self.secret.key = load()  # .secret.key',
    'select t.secret.key from t where d = "{{.DSTART}}"',
    '{{/* .secret.key */}}',
    '{{ "{{.secret.key}}" }}',
  ])('is not named by what only looks like it: %s', (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  it.each([
    '{{ .secret.key | default "none" }}',
    '{{ coalesce .secret.key "none" }}',
    '{{ if .secret.key }}{{ .secret.key }}{{ else }}{{ .DSTART }}{{ end }}',
    '{{ with .secret.key }}{{ . }}{{ end }}',
    '{{ $key := .secret.key }}{{ if $key }}x{{ end }}',
    '{{ with dict "secret" (dict "key" 1) }}{{ .secret.key }}{{ end }}',
  ])('may be missing in %s', (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  it('is not looked for in what is no template', () => {
    expect(namesIn('{{ .secret.key }} {% for a in b %}{{ a|join(",") }}')).toEqual([]);
  });
});
