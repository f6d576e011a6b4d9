import { type Agent, request } from 'node:http';

/** A call over plain node:http. */
export interface RestCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** Makes one call and reads its answer. Fails unless the status is 200. */
export function callRest(port: number, agent: Agent, { method, path, body = '' }: RestCall): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request({ host: '127.0.0.1', port, agent, method, path, headers }, (response) => {
      response.resume().once('end', resolve);
      if (response.statusCode !== 200) reject(new Error(`${method} ${path} answered ${response.statusCode}`));
    });
    call.once('error', reject).end(body);
  });
}
