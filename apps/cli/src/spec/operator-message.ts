import { fromJson, type JsonValue, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { durationMs, type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { AlertRule } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { formatDuration, parseDurationMs } from '@optimus/spec';
import { toDurationMessage } from './duration-message.ts';

const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;

/** Who is told, and how loudly. */
export function fromAddressee({ severity, team }: { readonly severity: string; readonly team: string }) {
  const known = SEVERITIES.find((name) => name === severity);
  return { ...(known && { severity: known }), ...(team !== '' && { team }) };
}

/** What a task and a hook have beyond their configuration. */
export function fromOperatorMessage({ version, alert }: Pick<core.JobSpecTask, 'version' | 'alert'>) {
  return { ...(version !== '' && { version }), ...(alert && { alert: fromAlert(alert) }) };
}

/** The fields of a task or hook for it. */
export function toOperatorMessage({
  version = '',
  alert,
}: {
  readonly version?: string;
  readonly alert?: AlertRule;
}) {
  return { version, ...(alert && { alert: toAlert(alert) }) };
}

const OTHERS = ['retry', 'success', 'failure'] as const;

function fromAlert(message: core.OperatorAlertConfig): AlertRule {
  const { team, slaMiss, disableAnomalyDetection } = message;
  const others = OTHERS.flatMap((name): [string, unknown][] => {
    const value = message[name];
    return value ? [[name, toJson(ValueSchema, value)]] : [];
  });
  return {
    ...(team !== '' && { team }),
    slaMiss: slaMiss.map(({ durationThreshold, autoThreshold, ...addressee }) => ({
      ...(durationThreshold && { durationThreshold: toThreshold(durationMs(durationThreshold)) }),
      ...(autoThreshold !== undefined && { autoThreshold }),
      ...fromAddressee(addressee),
    })),
    ...(disableAnomalyDetection !== undefined && { disableAnomalyDetection }),
    ...(others.length > 0 && { others: Object.fromEntries(others) }),
  };
}

/** Thresholds are hours and minutes: no seconds, not even none of them. */
function toThreshold(ms: number): string {
  return ms === 0 ? '0m' : formatDuration(ms);
}

function toAlert({
  team = '',
  slaMiss,
  disableAnomalyDetection,
  others = {},
}: AlertRule): MessageInitShape<typeof core.OperatorAlertConfigSchema> {
  const values = OTHERS.filter((name) => others[name] !== undefined).map((name): [string, Value] => [
    name,
    fromJson(ValueSchema, others[name] as JsonValue),
  ]);
  return {
    team,
    slaMiss: slaMiss.map(({ durationThreshold, ...rule }) => ({
      ...rule,
      ...(durationThreshold !== undefined && {
        durationThreshold: toDurationMessage(parseDurationMs(durationThreshold) ?? 0),
      }),
    })),
    ...(disableAnomalyDetection !== undefined && { disableAnomalyDetection }),
    ...Object.fromEntries(values),
  };
}
