import type { Socket } from 'node:net';

/** What a peer speaks. */
export type Protocol = 'http1' | 'http2';

/** The first bytes of every HTTP/2 connection. No HTTP/1 method begins with `PRI `. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\n');
const ENOUGH = 4;

/** The protocol that the bytes begin, or undefined when more are needed. */
export function detectProtocol(bytes: Buffer): Protocol | undefined {
  const length = Math.min(bytes.length, PREFACE.length);
  if (!bytes.subarray(0, length).equals(PREFACE.subarray(0, length))) return 'http1';
  return length >= ENOUGH ? 'http2' : undefined;
}

/**
 * Tells what a new connection speaks and leaves its bytes unread. Calls back at most once: never for a peer that leaves, or that
 * says too little within `deadlineMs` and is cut off.
 */
export function sniffProtocol(
  socket: Socket,
  deadlineMs: number,
  onProtocol: (protocol: Protocol) => void,
): void {
  let seen = Buffer.alloc(0);
  const deadline = setTimeout(() => socket.destroy(), deadlineMs);
  const stop = (): void => {
    clearTimeout(deadline);
    socket.off('readable', read).off('end', leave).off('error', stop).off('close', stop);
  };
  const leave = (): void => void socket.destroy();
  const read = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const protocol = detectProtocol(seen);
    if (protocol === undefined) return;
    stop();
    socket.unshift(seen);
    onProtocol(protocol);
  };
  // A reset before the first byte is the peer's business alone; without a listener it would end the process.
  socket.on('readable', read).on('end', leave).on('error', stop).on('close', stop);
}
