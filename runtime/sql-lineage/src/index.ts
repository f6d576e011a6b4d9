export { LineageProcess, type LineageProcessOptions } from './analysis/lineage-process.ts';
export { LineageExtractor, type LineageExtractorOptions } from './lineage-extractor.ts';
export { PolyglotAnalyzer } from './polyglot-analyzer.ts';
