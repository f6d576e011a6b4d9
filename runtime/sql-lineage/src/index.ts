export { PolyglotAnalyzer } from './polyglot-analyzer.ts';
