/** The text of an answer; undefined when it is longer, or nothing is asked for. What is not read is not waited for. */
export async function readBody(response: Response, maxBytes: number): Promise<string | undefined> {
  const { body } = response;
  if (!body) return maxBytes > 0 ? '' : undefined;
  if (maxBytes === 0) {
    await body.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
