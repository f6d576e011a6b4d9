import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { toInstant } from '../session/list-runs.ts';

/** An explanation as people read it: the sentence, what it rests on, what to do. */
export function describeExplanation(answer: core.ExplainJobRunResponse): readonly string[] {
  const evidence = answer.evidence.map(({ subject, text }) => [subject, text] as const);
  const advice = answer.advice.map(({ command, purpose }) => [command, `# ${purpose}`] as const);
  return [
    answer.sentence,
    ...(evidence.length > 0 ? ['', ...toLines(evidence)] : []),
    ...(advice.length > 0 ? ['', 'What to do:', ...toLines(advice)] : []),
  ];
}

/** Two columns; a subject that repeats is written once. */
function toLines(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right], index) => {
    const said = pairs[index - 1]?.[0] === left ? '' : left;
    return `  ${said.padEnd(width)}  ${right}`;
  });
}

/** An explanation as plain data. */
export function toExplanationDocument(answer: core.ExplainJobRunResponse): Readonly<Record<string, unknown>> {
  const { root } = answer;
  return {
    project: answer.projectName,
    job: answer.jobName,
    scheduledAt: toText(answer.scheduledAt),
    state: answer.state === '' ? null : answer.state,
    verdict: answer.verdict,
    cause: answer.cause,
    sentence: answer.sentence,
    evidence: answer.evidence.map(({ subject, text }) => ({ subject, text })),
    advice: answer.advice.map(({ command, purpose }) => ({ command, purpose })),
    expectedBy: toText(answer.expectedBy),
    root: root
      ? {
          project: root.projectName,
          job: root.jobName,
          scheduledAt: toText(root.scheduledAt),
          cause: root.cause,
        }
      : null,
  };
}

function toText(timestamp: Timestamp | undefined): string | null {
  const instant = toInstant(timestamp);
  return instant ? formatInstant(instant) : null;
}
