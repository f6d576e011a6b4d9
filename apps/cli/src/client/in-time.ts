/** A stream of messages that can be ended. */
export interface EndableMessages<T> extends AsyncIterable<T> {
  cancel(): void;
}

/**
 * The messages, each of which has so long to come while somebody waits for it: a reader may take its time, a server may not. When one
 * is late the stream is ended. `createLateError`: what is thrown then.
 */
export async function* inTime<T>(
  messages: EndableMessages<T>,
  limitMs: number,
  createLateError: () => Error,
): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextInTime(iterator, limitMs);
      if (next === 'late') throw createLateError();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    messages.cancel();
  }
}

async function nextInTime<T>(
  iterator: AsyncIterator<T>,
  limitMs: number,
): Promise<IteratorResult<T> | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, limitMs, 'late');
  try {
    return await Promise.race([iterator.next(), late]);
  } finally {
    clearTimeout(timer);
  }
}
