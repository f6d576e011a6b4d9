import { runServer } from '../run-server.ts';

// The body of a server process that tests spawn: configured by its environment alone.
process.exitCode = await runServer({ env: process.env, version: '0.0.0-test' }).catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  return 1;
});
