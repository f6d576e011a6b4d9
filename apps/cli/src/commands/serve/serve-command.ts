import type { VerbSpec } from '../../command-line/command-spec.ts';

/** `optimus serve`. */
export const serveCommand: VerbSpec = {
  name: 'serve',
  description: 'run the server until it is told to stop',
  flags: [
    {
      flags: '-c, --config <file>',
      description: 'server configuration (default: ./config.yaml, if present)',
    },
    { flags: '--host <host>', description: 'address to listen on (default: 127.0.0.1)' },
    { flags: '--port <port>', description: 'port to listen on, 0 for any free one (default: 9100)' },
    { flags: '--data-dir <folder>', description: 'where data lies (default: ~/.optimus)' },
  ],
  example: 'optimus serve --config config.yaml',
  load: () => import('./serve.ts'),
};
