import { servePlugin } from '@optimus/plugin-sdk';
import { python } from './plugin.ts';

servePlugin(python);
