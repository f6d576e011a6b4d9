export {
  type LabelledStatement,
  parseLabelledStatements,
  type StatementSummary,
  summarizeFindings,
  summarizeLabels,
} from './labelled-statements.ts';
