import { servePlugin } from '@optimus/plugin-sdk';
import { shell } from './plugin.ts';

servePlugin(shell);
