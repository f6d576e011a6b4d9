import type {
  CompileAssetsRequest,
  NamedValue,
  PluginAnswer,
  PluginQuestion,
  ResolveRequest,
} from '@optimus/domain';

const day = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-01-02T00:00:00Z') };

/** An answer that a person could give: the default, else the first choice, else a word. */
export function sampleAnswer(question: PluginQuestion): PluginAnswer {
  return { question, value: question.default || question.choices[0] || 'sample' };
}

/** What a job has after its plugin's questions were answered. */
export interface SampleJob {
  readonly config: readonly NamedValue[];
  readonly assets: readonly NamedValue[];
}

export function sampleCompileRequest({ config, assets }: SampleJob): CompileAssetsRequest {
  return {
    config,
    assets: [...assets, { name: 'verify.sql', value: "select '{{.DSTART}}', 'é', '日本'" }],
    window: { size: '24h', offset: '-1h', truncateTo: 'd' },
    interval: day,
    scheduledAt: new Date('2026-01-02T02:00:00Z'),
  };
}

export function sampleResolveRequest({ config, assets }: SampleJob): ResolveRequest {
  return { config, assets, project: { name: 'verify', config: { BUCKET: 'b' } } };
}
