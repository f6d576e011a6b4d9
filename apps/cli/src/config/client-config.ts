/** A team's folder within the project. */
export interface NamespaceConfig {
  readonly name: string;
  /** Sent when the namespace is registered. */
  readonly config: Readonly<Record<string, string>>;
  /** Absolute folder of the job specifications. */
  readonly jobPath: string;
  /** Absolute folder of the configuration: links may lead to files in it. */
  readonly projectPath: string;
  readonly datastores: readonly DatastoreConfig[];
}

/** A store of resources and the folder of their specifications. */
export interface DatastoreConfig {
  readonly type: string;
  /** Absolute folder. */
  readonly path: string;
}

/** How plugins run on the client; the keys are those of the server's `plugin`. */
export interface PluginConfig {
  /** Absolute folders. */
  readonly dirs: readonly string[];
  readonly autoMtls: boolean;
  /** SHA-256 in hexadecimal by file name. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly allowForeignWriters: boolean;
  readonly ignoreCurrentDirectory: boolean;
}

/** The client's configuration, `optimus.yaml`. */
export interface ClientConfig {
  /** Absolute path of the file. */
  readonly file: string;
  /** `host:port` of the server; undefined when the file names none. */
  readonly host: string | undefined;
  readonly project: {
    readonly name: string;
    /** Sent when the project is registered. */
    readonly config: Readonly<Record<string, string>>;
    /** Absolute path of the file with the project's presets; undefined: it has none. */
    readonly presetPath: string | undefined;
  };
  readonly namespaces: readonly NamespaceConfig[];
  /** Undefined when the file says nothing of plugins. */
  readonly plugin: PluginConfig | undefined;
}
