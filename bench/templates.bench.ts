import { parseTemplateSet } from '@optimus/compiler';
import { executionTime, goldenData } from '@optimus/compiler/testing';
import { buildGoOracle, measureGo } from '../tests/interop/template-oracle/go-oracle.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';

const seconds = 3;

/** The configuration values and the asset of a job as people write them. */
const typicalJob = [
  '{{.proj.BUCKET}}',
  'PROJECT.dataset.table_{{.DSTART | Date | replace "-" "_"}}',
  '{{.DSTART}}',
  '{{ .secret.api_key | default "none" | b64enc }}',
  '{{ if eq .name "Ada" }}REPLACE{{ else }}APPEND{{ end }}',
  '{{ date "20060102" (toDate "2006-01-02T15:04:05Z07:00" .DEND) }}',
  'plain text without any template in it',
  `{{- $columns := list "id" "name" "created_at" -}}
select
{{- range $index, $column := $columns }}
  {{ $column | snakecase }}{{ if lt $index 2 }},{{ end }}
{{- end }}
from \`{{ .proj.BUCKET | lower }}.events\`
where event_timestamp >= '{{ .DSTART }}' and event_timestamp < '{{ .DEND }}'
  and region in ({{ range $i, $e := .items }}{{ if $i }}, {{ end }}'{{ $e }}'{{ end }})
{{ with .nested.one.two.three }}-- {{ . | upper }}{{ end }}
{{ define "footer" }}order by {{ . | quote }}{{ end }}{{ template "footer" "id" }}
`,
];

const ours = measurePerSecond(compileJob);
const oracle = await buildGoOracle();
if ('program' in oracle) {
  const go = await measureGo(oracle.program, typicalJob, seconds);
  const figure: Figure = {
    name: 'typical job compiled',
    ours,
    bare: go,
    against: 'Go itself',
    unit: 'jobs/s',
  };
  printFigures([figure]);
} else {
  process.stdout.write(
    `typical job compiled: ${Math.round(ours)} jobs/s (not compared: there is no ${oracle.missing})\n`,
  );
}

function compileJob(): void {
  for (const template of typicalJob) {
    parseTemplateSet({ t: template }).render(goldenData, { now: executionTime });
  }
}

function measurePerSecond(once: () => void): number {
  for (let warmUp = 0; warmUp < 500; warmUp += 1) once();
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    once();
    count += 1;
  }
  return count / ((performance.now() - startedAt) / 1000);
}
