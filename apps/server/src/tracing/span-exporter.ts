import type { HrTime } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter as SpanSender,
} from '@opentelemetry/sdk-trace';
import { type Log, toErrorMessage } from '@optimus/domain';
import type { EndedSpan } from './run-spans.ts';

// This module is imported when traces are configured and never otherwise: what it imports takes time to load.

/** Where spans go. */
export interface SpanExporterOptions {
  /** The collector's address; its path is that of OTLP when it has none. */
  readonly endpoint: string;
  /** May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly hostId: string;
  readonly log: Log;
}

/** A stop is not to last because a collector does not answer: what it has not taken by then is dropped. */
const LONGEST_SENDING_MS = 2_000;

/** Sends spans in batches; those that a collector does not take are dropped after a while, and nobody waits for it. */
export interface SpanExporter {
  export(spans: readonly EndedSpan[]): void;
  /** Sends what is left, if the collector takes it at once. Never throws. */
  stop(): Promise<void>;
}

/** Sends spans over OTLP/HTTP. */
export function createSpanExporter({
  endpoint,
  headers,
  version,
  hostId,
  log,
}: SpanExporterOptions): SpanExporter {
  const sender = new OTLPTraceExporter({
    url: toTracesUrl(endpoint),
    headers: { ...headers },
    timeoutMillis: LONGEST_SENDING_MS,
  });
  const processor = new BatchSpanProcessor({ exporter: sayingWhatIsDropped(sender, log) });
  const resource = resourceFromAttributes({
    'service.name': 'optimus',
    'service.version': version,
    'service.instance.id': hostId,
  });
  return {
    export(spans) {
      for (const span of spans) processor.onEnd(toReadableSpan(span, resource));
    },
    // Whoever drops spans has said so.
    stop: () => processor.shutdown().catch(() => undefined),
  };
}

/** The exporter of OpenTelemetry says nothing of a collector that does not take what it is sent. */
function sayingWhatIsDropped(sender: OTLPTraceExporter, log: Log): SpanSender {
  return {
    export(spans, done) {
      sender.export(spans, (result) => {
        const { error } = result;
        if (error) log.warn('spans were dropped', { spans: spans.length, error: toErrorMessage(error) });
        done(result);
      });
    },
    forceFlush: () => sender.forceFlush(),
    shutdown: () => sender.shutdown(),
  };
}

/** `http://collector:4318` is `http://collector:4318/v1/traces`, as everywhere with OpenTelemetry. */
function toTracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

function toReadableSpan(span: EndedSpan, resource: ReadableSpan['resource']): ReadableSpan {
  const { traceId, id, parentId, name, startedAt, endedAt, attributes, failure } = span;
  const toContext = (spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => toContext(id),
    ...(parentId !== undefined && { parentSpanContext: toContext(parentId) }),
    startTime: toHrTime(startedAt.getTime()),
    endTime: toHrTime(endedAt.getTime()),
    duration: toHrTime(Math.max(0, endedAt.getTime() - startedAt.getTime())),
    status:
      failure === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: failure },
    attributes: { ...attributes },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'optimus' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1_000_000)];
}
