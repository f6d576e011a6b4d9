import type { Server } from '@grpc/grpc-js';
import { createLogger } from './logger.ts';
import type { Plugin } from './plugin.ts';
import { messageOf } from './plugin-error.ts';
import { createPluginServer } from './plugin-server.ts';
import { formatHandshake, isStartedByHost, negotiateVersion, notAHostNotice } from './process/handshake.ts';
import { type Listener, listen } from './process/listener.ts';
import { OutputRelay } from './process/output-relay.ts';
import { watchParent } from './process/parent-watch.ts';
import { captureStandardOutput, sendStandardOutputTo, writeHandshake } from './process/standard-output.ts';

/** How long calls in flight may take to end once the host has asked the plugin to stop. */
const stopGraceMs = 50;

// At import, so that what other modules print while they load cannot come before the handshake.
if (isStartedByHost(process.env)) captureStandardOutput();

/**
 * Makes this process the plugin: serves it to the host that started the process, until the host stops it or is gone.
 * Call it once, from the program's main module. Run by hand, it explains itself on standard error and exits with 1.
 */
export function servePlugin(plugin: Plugin): void {
  if (!isStartedByHost(process.env)) {
    process.stderr.write(notAHostNotice);
    process.exit(1);
  }
  // A host that died leaves a broken pipe; the parent watch ends the plugin, not an exception.
  process.stderr.on('error', () => {});
  serve(plugin).catch((error: unknown) => {
    const log = createPluginLogger(plugin);
    log.error(`plugin init error: ${messageOf(error)}`);
    process.exit(1);
  });
}

async function serve(plugin: Plugin): Promise<void> {
  const relay = new OutputRelay();
  const lifetime = new Lifetime(relay);
  const log = createPluginLogger(plugin);
  const server = createPluginServer(plugin, { log, relay, onShutdown: () => lifetime.end() });
  const listener = await listen(server, process.env);
  lifetime.begin(server, listener);
  const version = negotiateVersion(process.env['PLUGIN_PROTOCOL_VERSIONS']);
  writeHandshake(formatHandshake({ version, ...listener }));
  sendStandardOutputTo(relay);
}

function createPluginLogger(plugin: Plugin) {
  return createLogger(plugin.name, (line) => void process.stderr.write(line));
}

/** From the first connection to the end of the process. */
class Lifetime {
  readonly #relay: OutputRelay;
  #server: Server | undefined;
  #listener: Listener | undefined;
  #ending = false;

  constructor(relay: OutputRelay) {
    this.#relay = relay;
  }

  begin(server: Server, listener: Listener): void {
    this.#server = server;
    this.#listener = listener;
    // Ctrl-C reaches every process of the terminal: it is the host that decides when its plugins end.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => this.end());
    process.on('SIGHUP', () => this.end());
    watchParent(() => this.end());
  }

  /** Ends streams and calls, removes the socket and exits with 0, within a tenth of a second. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#relay.end();
    this.#server?.tryShutdown(() => this.#exit());
    setTimeout(() => this.#exit(), stopGraceMs);
  }

  #exit(): never {
    this.#server?.forceShutdown();
    this.#listener?.release();
    process.exit(0);
  }
}
