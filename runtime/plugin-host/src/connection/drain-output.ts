import { status } from '@grpc/grpc-js';
import type { Log } from '@optimus/domain';
import { GRPCStdio, StdioData_Channel } from '@optimus/proto/go-plugin';
import { LineSplitter } from '../process/line-splitter.ts';
import type { PluginConnection } from './plugin-connection.ts';

/** Whether what a plugin prints can be read at all; known a moment after the connection. */
export interface DrainedOutput {
  readonly isServed: boolean;
}

const lineLimitBytes = 64 * 1024;

/**
 * Reads all that the plugin prints, for as long as it runs: a Go plugin stops in its next print once 64 KiB wait
 * unread. Called once, as two readers would share the bytes at random.
 */
export function drainOutput(connection: PluginConnection, log: Log): DrainedOutput {
  const drained = { isServed: true };
  const stdout = new LineSplitter(lineLimitBytes, (line) => log.debug(line, { stream: 'stdout' }));
  const stderr = new LineSplitter(lineLimitBytes, (line) => log.debug(line, { stream: 'stderr' }));
  const stream = connection.stream(GRPCStdio.method.streamStdio, {});
  stream.on('data', ({ channel, data }) => {
    (channel === StdioData_Channel.STDERR ? stderr : stdout).push(Buffer.from(data));
  });
  stream.on('error', (error: { readonly code?: number }) => {
    if (error.code !== status.UNIMPLEMENTED) return;
    drained.isServed = false;
    warnOfOldLibrary(log);
  });
  stream.on('close', () => {
    stdout.flush();
    stderr.flush();
  });
  return drained;
}

function warnOfOldLibrary(log: Log): void {
  log.warn('its library is very old: it may stop answering once it has printed 64 KiB');
}
