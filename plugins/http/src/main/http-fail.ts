import { servePlugin } from '@optimus/plugin-sdk';
import { createHttpPlugin } from '../plugin.ts';

servePlugin(createHttpPlugin('fail'));
