/** A team's folder within the project. */
export interface NamespaceConfig {
  readonly name: string;
  /** Sent when the namespace is registered. */
  readonly config: Readonly<Record<string, string>>;
  /** Absolute folder of the job specifications. */
  readonly jobPath: string;
  readonly datastores: readonly DatastoreConfig[];
}

/** A store of resources and the folder of their specifications. */
export interface DatastoreConfig {
  readonly type: string;
  /** Absolute folder. */
  readonly path: string;
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
  };
  readonly namespaces: readonly NamespaceConfig[];
}
