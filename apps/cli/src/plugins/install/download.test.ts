import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTemporaryFolder } from '../../testing/temporary-folder.ts';
import { download, showUrl } from './download.ts';

const limits = { maxBytes: 1024 * 1024, idleMs: 5000 };

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/file`);
}

async function fetchFrom(answer: RequestListener, changed: Partial<typeof limits> = {}) {
  const file = path.join(await createTemporaryFolder(), 'file');
  return { file, done: download(await serve(answer), file, { ...limits, ...changed }) };
}

describe('a download', () => {
  it('follows redirects to the file', async () => {
    const { file, done } = await fetchFrom((request, response) => {
      if (request.url === '/file') response.writeHead(302, { location: '/there' }).end();
      else response.end('content');
    });
    expect(await done).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('content');
  });

  it('tells a file that is not there from all other failures', async () => {
    const { file, done } = await fetchFrom((_, response) => response.writeHead(404).end());
    expect(await done).toBe(false);
    expect(existsSync(file)).toBe(false);
    const failing = await fetchFrom((_, response) => response.writeHead(503).end());
    await expect(failing.done).rejects.toThrow(/cannot be fetched: the answer was 503/);
  });

  it('ends with the first redirect too many', async () => {
    const { done } = await fetchFrom((_, response) => response.writeHead(302, { location: '/file' }).end());
    await expect(done).rejects.toThrow('redirected more than 5 times');
  });

  it.each(['file:///etc/passwd', 'ftp://example.io/x'])('is not led to %s', async (location) => {
    const { done } = await fetchFrom((_, response) => response.writeHead(302, { location }).end());
    await expect(done).rejects.toThrow('an address that cannot be fetched');
  });

  it('ends when the file is too large, whatever its length was said to be', async () => {
    const { done } = await fetchFrom((_, response) => response.end(Buffer.alloc(2 * 1024 * 1024)));
    await expect(done).rejects.toThrow('it is larger than 1 MiB');
  });

  it('ends when nothing comes', async () => {
    const { done } = await fetchFrom((_, response) => void response.write('half'), { idleMs: 100 });
    await expect(done).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('nothing came for 0.1 s'),
    });
  });

  it('says why nobody answers', async () => {
    const file = path.join(await createTemporaryFolder(), 'file');
    await expect(download(new URL('http://127.0.0.1:1/x'), file, limits)).rejects.toThrow(
      /127.0.0.1:1\/x cannot be fetched: (?!fetch failed)/,
    );
  });

  it('is shown without what its address holds of a secret', () => {
    expect(showUrl(new URL('https://me:pass@example.io/a?token=s3cret'))).toBe('https://example.io/a');
  });
});
