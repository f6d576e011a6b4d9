export { createFilesError, type FileProblem, formatProblem } from '@optimus/spec';
