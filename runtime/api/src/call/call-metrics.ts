import type { DescMethod } from '@bufbuild/protobuf';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StatusName } from '../errors/status-code.ts';

/** Counts and times calls, of gRPC and REST alike. */
export interface CallMetrics {
  start(desc: DescMethod): { end(status: StatusName, durationMs: number): void };
}

const METHOD_LABELS = ['grpc_type', 'grpc_service', 'grpc_method'] as const;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers the metrics that gRPC servers commonly have, under their common names. */
export function createCallMetrics(registry: Registry): CallMetrics {
  const registers = [registry];
  const handled = new Counter({
    name: 'grpc_server_handled_total',
    help: 'Calls ended, by status.',
    labelNames: [...METHOD_LABELS, 'grpc_code'],
    registers,
  });
  const inFlight = new Gauge({
    name: 'grpc_server_in_flight',
    help: 'Calls that have begun and not ended.',
    labelNames: METHOD_LABELS,
    registers,
  });
  const seconds = new Histogram({
    name: 'grpc_server_handling_seconds',
    help: 'Duration of calls.',
    labelNames: METHOD_LABELS,
    buckets: SECONDS,
    registers,
  });
  return {
    start(desc) {
      const labels = toLabels(desc);
      inFlight.inc(labels);
      return {
        end(status, durationMs) {
          inFlight.dec(labels);
          seconds.observe(labels, durationMs / 1_000);
          handled.inc({ ...labels, grpc_code: status });
        },
      };
    },
  };
}

/** Registers how many listen to changes of runs. */
export function createListenerGauge(registry: Registry): (listeners: number) => void {
  const gauge = new Gauge({
    name: 'optimus_run_change_listeners',
    help: 'Callers that listen to changes of runs.',
    registers: [registry],
  });
  return (listeners) => gauge.set(listeners);
}

function toLabels(desc: DescMethod): Record<(typeof METHOD_LABELS)[number], string> {
  const type = desc.methodKind.replace('_streaming', '_stream');
  return { grpc_type: type, grpc_service: desc.parent.typeName, grpc_method: desc.name };
}
