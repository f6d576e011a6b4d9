import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A registry of one image, for whoever knows the password. */
export interface Registry {
  /** `host:port` */
  readonly address: string;
  /** How often the manifest was asked for by somebody who may. */
  readonly pulls: () => number;
  /** Serves the image of this OCI layout, under any name. */
  serve(layout: string): void;
  stop(): Promise<void>;
}

/** Starts a registry that admits `user:password`. */
export async function startRegistry(admitted: string): Promise<Registry> {
  let layout = '';
  let pulls = 0;
  const authorization = `Basic ${Buffer.from(admitted).toString('base64')}`;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '', headers } = request;
    if (headers.authorization !== authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    } else if (url.includes('/manifests/')) {
      pulls++;
      const { digest, mediaType } = await readManifestDescriptor(layout);
      response.writeHead(200, { 'content-type': mediaType, 'docker-content-digest': digest });
      response.end(await readBlob(layout, digest));
    } else if (url.includes('/blobs/')) {
      response.end(await readBlob(layout, url.slice(url.lastIndexOf('/') + 1)));
    } else response.end('{}');
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    pulls: () => pulls,
    serve: (folder) => {
      layout = folder;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
}

async function readManifestDescriptor(layout: string): Promise<Descriptor> {
  const index: { readonly manifests: readonly [Descriptor] } = JSON.parse(
    await readFile(join(layout, 'index.json'), 'utf8'),
  );
  return index.manifests[0];
}

function readBlob(layout: string, digest: string): Promise<Buffer> {
  return readFile(join(layout, 'blobs', ...digest.split(':')));
}
