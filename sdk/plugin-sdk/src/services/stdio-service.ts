import { create } from '@bufbuild/protobuf';
import type { Empty } from '@bufbuild/protobuf/wkt';
import type { handleServerStreamingCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type StdioData, StdioData_Channel, StdioDataSchema } from '@optimus/proto/go-plugin';
import type { OutputChannel, OutputRelay, OutputSink } from '../process/output-relay.ts';

const channels: Readonly<Record<OutputChannel, StdioData_Channel>> = {
  stdout: StdioData_Channel.STDOUT,
  stderr: StdioData_Channel.STDERR,
};

/** Streams what the plugin prints to the host. */
export function createStdioImplementation(relay: OutputRelay): UntypedServiceImplementation {
  const streamStdio: handleServerStreamingCall<Empty, StdioData> = (call) => {
    const sink: OutputSink = {
      write: ({ channel, data }) =>
        call.write(create(StdioDataSchema, { channel: channels[channel], data: Uint8Array.from(data) })),
      end: () => call.end(),
    };
    call.on('drain', () => relay.resume());
    call.on('cancelled', () => relay.detach(sink));
    relay.attach(sink);
  };
  return { streamStdio };
}
