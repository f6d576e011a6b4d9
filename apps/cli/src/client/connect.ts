import { type Client, connectivityState } from '@grpc/grpc-js';

type Channel = ReturnType<Client['getChannel']>;

/** How long a server may take to accept a connection. */
const CONNECT_TIMEOUT_MS = 2_000;

/** What came of dialling: a connection, a refusal, or nothing until the time was up. */
export type Connection = 'ready' | 'refused' | 'silent';

/** Dials once, and tells a refusal from silence at once instead of waiting for a better day. */
export async function connect(channel: Channel): Promise<Connection> {
  const deadline = Date.now() + CONNECT_TIMEOUT_MS;
  let state = channel.getConnectivityState(true);
  // A channel that failed before still shows the old failure until its next attempt begins.
  if (state === connectivityState.TRANSIENT_FAILURE) state = await waitForChange(channel, state, deadline);
  while (state === connectivityState.IDLE || state === connectivityState.CONNECTING) {
    state = await waitForChange(channel, state, deadline);
  }
  if (state === connectivityState.READY) return 'ready';
  return Date.now() >= deadline ? 'silent' : 'refused';
}

/** The state that follows; the end of waiting reads as a failure. */
function waitForChange(
  channel: Channel,
  from: connectivityState,
  deadline: number,
): Promise<connectivityState> {
  return new Promise((resolve) => {
    channel.watchConnectivityState(from, deadline, (timeout) =>
      resolve(timeout ? connectivityState.SHUTDOWN : channel.getConnectivityState(true)),
    );
  });
}
