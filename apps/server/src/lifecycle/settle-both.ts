/**
 * What two tasks that run side by side answer. Waits for both, whatever fails: when it throws, nothing goes on behind the back of
 * whoever cleans up. @throws what the first of them that failed threw
 */
export async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return await Promise.all([first, second]);
}
