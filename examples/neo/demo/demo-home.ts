import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the demo keeps what it makes. All paths are absolute. */
export interface DemoHome {
  readonly root: string;
  /** `serve.data_dir` of the server. */
  readonly dataDir: string;
  readonly serverConfig: string;
  /** What the server writes to its terminal. */
  readonly serverLog: string;
  /** The client's project: what a team keeps in git. */
  readonly repository: string;
}

/** The checkout that this file is part of. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** `.demo/` in the checkout, or the folder that `OPTIMUS_DEMO_HOME` names. */
export function findDemoHome(env: NodeJS.ProcessEnv): DemoHome {
  const root = path.resolve(env['OPTIMUS_DEMO_HOME'] ?? path.join(checkout, '.demo'));
  return {
    root,
    dataDir: path.join(root, 'server'),
    serverConfig: path.join(root, 'config.yaml'),
    serverLog: path.join(root, 'server.log'),
    repository: path.join(root, 'repository'),
  };
}
