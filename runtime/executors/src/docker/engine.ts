import type Docker from 'dockerode';

/**
 * A client of Docker, or of podman, which speaks the same protocol. Loaded when it is first needed: a server that runs processes has no use for it.
 *
 * @param address `unix:///run/podman/podman.sock` or `tcp://engine:2375`. Undefined: that of `DOCKER_HOST`, else the usual socket
 */
export async function connectEngine(address: string | undefined): Promise<Docker> {
  const { default: Client } = await import('dockerode');
  if (address === undefined) return new Client();
  const url = new URL(address);
  if (url.protocol === 'unix:') return new Client({ socketPath: url.pathname });
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return new Client({ protocol, host: url.hostname, port: url.port || '2375' });
}
