/** How hard to call. */
export interface CallLoad {
  /** Calls under way at any time. */
  readonly concurrency: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Calls over and over and answers how many ended per second. Fails when a call fails. */
export async function measureCallsPerSecond(call: () => Promise<unknown>, load: CallLoad): Promise<number> {
  await callFor(call, { ...load, forMs: load.warmUpMs });
  const startedAt = performance.now();
  const count = await callFor(call, { ...load, forMs: load.measureMs });
  return count / ((performance.now() - startedAt) / 1000);
}

async function callFor(
  call: () => Promise<unknown>,
  { concurrency, forMs }: { readonly concurrency: number; readonly forMs: number },
): Promise<number> {
  const end = performance.now() + forMs;
  let count = 0;
  const callOn = async () => {
    while (performance.now() < end) {
      await call();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, callOn));
  return count;
}
