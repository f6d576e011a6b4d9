import type { PullPolicy } from '@optimus/executors';
import type { OtherServer } from '@optimus/scheduler';

/** How loud the log is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A program and its arguments; no shell reads them. */
export type CommandLine = readonly string[];

/** How attempts run as containers. */
export interface DockerConfig {
  /** `unix:///run/podman/podman.sock`, `tcp://engine:2375`. Undefined: that of `DOCKER_HOST`, else the usual socket. */
  readonly engine: string | undefined;
  /** As the engine calls it: `host`, `bridge`, the name of a network. */
  readonly network: string;
  /** `host:port` at which containers reach this server. Undefined: the one it listens on. */
  readonly serverAddress: string | undefined;
  readonly pullPolicy: PullPolicy;
  /** Registry → `user:password`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** How many attempts run at a time. */
  readonly maxRunning: number;
  /** How large the log of an attempt grows before the middle of its output is left out. */
  readonly maxLogBytes: number;
}

/** The server's configuration, complete and valid. Paths are absolute. */
export interface ServerConfig {
  readonly serve: {
    readonly host: string;
    /** 0: any free port. */
    readonly port: number;
    /** Everything that the server keeps on disk lies in it. */
    readonly dataDir: string;
    /** Secrets are encrypted under a key derived from it. Undefined: the embedded database's own, made once. */
    readonly appKey: string | undefined;
    /** Keys under which secrets may still be encrypted. */
    readonly previousAppKeys: readonly string[];
    readonly auth: {
      /** Empty: everybody who reaches the server is admitted. */
      readonly tokens: readonly string[];
    };
    readonly db: {
      /** Undefined: the embedded PostgreSQL. */
      readonly dsn: string | undefined;
    };
  };
  readonly log: { readonly level: LogLevel };
  readonly executor: {
    readonly type: 'process' | 'docker';
    readonly docker: DockerConfig;
    readonly process: {
      /** Image name without tag → the command line that stands for it. */
      readonly images: Readonly<Record<string, CommandLine>>;
      /** How many attempts run at a time. */
      readonly maxRunning: number;
      /** How large the log of an attempt with secrets grows before the middle of its output is left out. */
      readonly maxLogBytes: number;
      /** Folder of a cgroup of version 2 below which attempts with limits get their own. Undefined: the cgroup that the server is in. */
      readonly cgroup: string | undefined;
    };
  };
  /** How long history stays; 0: for ever. */
  readonly retention: {
    /** After a run's end. */
    readonly runsMs: number;
    /** How many of each job stay however old they are. */
    readonly keepRuns: number;
    readonly eventsMs: number;
    readonly logsMs: number;
  };
  readonly telemetry: {
    /** Where traces go, over OTLP/HTTP. Undefined: nowhere. */
    readonly otlpEndpoint: string | undefined;
    /** Header → value, which may be a secret. */
    readonly otlpHeaders: Readonly<Record<string, string>>;
  };
  readonly plugin: {
    /** Searched before the usual places. */
    readonly dirs: readonly string[];
    /** Encrypts connections to plugins; all of them must support it. */
    readonly autoMtls: boolean;
    /** File name → SHA-256 in hexadecimal: a file that is listed runs only when it matches. */
    readonly checksums: Readonly<Record<string, string>>;
    /** Runs plugins although other users could have changed them. */
    readonly allowForeignWriters: boolean;
    /** Looks for no plugins in the working directory. */
    readonly ignoreCurrentDirectory: boolean;
    /** A plugin's program that served no call for so long is stopped until the next one; 0: never. */
    readonly idleTimeoutMs: number;
  };
  /** Other Optimus servers whose jobs runs may wait for. */
  readonly resourceManagers: readonly OtherServer[];
}
