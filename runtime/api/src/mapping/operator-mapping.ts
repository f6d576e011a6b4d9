import { create, fromJson, type JsonValue, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import { type AlertRule, OptimusError, toSuggestion } from '@optimus/domain';
import { core } from '@optimus/proto';
import { fromDuration, toDuration } from './time-mapping.ts';

const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;

/** Who is told, and how loudly. @throws OptimusError `SPEC_INVALID` */
export function fromAddressee({ severity, team }: { readonly severity: string; readonly team: string }) {
  if (severity === '') return { ...(team !== '' && { team }) };
  const known = SEVERITIES.find((name) => name === severity);
  if (!known) {
    throw new OptimusError('SPEC_INVALID', {
      message: `severity has no value "${severity}"${toSuggestion(severity, SEVERITIES)}`,
      hint: `use one of ${SEVERITIES.join(', ')}`,
    });
  }
  return { severity: known, ...(team !== '' && { team }) };
}

/** What a task and a hook have beyond their configuration. @throws OptimusError `SPEC_INVALID` */
export function fromOperator({ version, alert }: Pick<core.JobSpecTask, 'version' | 'alert'>) {
  return { ...(version !== '' && { version }), ...(alert && { alert: fromAlert(alert) }) };
}

/** The fields of a task or hook for it; {@link fromOperator} makes the same of them. */
export function toOperator({
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
    slaMiss: slaMiss.map(fromSlaMiss),
    ...(disableAnomalyDetection !== undefined && { disableAnomalyDetection }),
    ...(others.length > 0 && { others: Object.fromEntries(others) }),
  };
}

function fromSlaMiss({ durationThreshold, autoThreshold, severity, team }: core.OperatorAlertConfig_SlaMiss) {
  return {
    ...(durationThreshold && { durationThreshold: formatThreshold(fromDuration(durationThreshold)) }),
    ...(autoThreshold !== undefined && { autoThreshold }),
    ...fromAddressee({ severity, team }),
  };
}

function toAlert({ team = '', slaMiss, disableAnomalyDetection, others = {} }: AlertRule) {
  const values = OTHERS.filter((name) => others[name] !== undefined).map((name): [string, Value] => [
    name,
    fromJson(ValueSchema, others[name] as JsonValue),
  ]);
  return create(core.OperatorAlertConfigSchema, {
    team,
    slaMiss: slaMiss.map(toSlaMiss),
    ...(disableAnomalyDetection !== undefined && { disableAnomalyDetection }),
    ...Object.fromEntries(values),
  });
}

function toSlaMiss({
  durationThreshold,
  ...others
}: AlertRule['slaMiss'][number]): MessageInitShape<typeof core.OperatorAlertConfig_SlaMissSchema> {
  return {
    ...others,
    ...(durationThreshold !== undefined && {
      durationThreshold: toDuration(parseThresholdMs(durationThreshold)),
    }),
  };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function parseThresholdMs(text: string): number {
  const [, hours = '0', minutes = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(text) ?? [];
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
}

/** Hours and minutes, as thresholds are written: `1h30m`. */
function formatThreshold(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.round((ms % HOUR_MS) / MINUTE_MS);
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 || hours === 0 ? `${minutes}m` : ''}`;
}
