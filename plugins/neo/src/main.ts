import { servePlugin } from '@optimus/plugin-sdk';
import { neo } from './plugin.ts';

servePlugin(neo);
