import { callFault, defineFunction, type TemplateFunction, text } from '../functions/template-function.ts';
import { checkConstraint } from '../semver/constraint.ts';
import { SemanticVersion } from '../semver/version.ts';

/** Sprig's semantic versions, by the rules of Masterminds' library. */
export const versionFunctions: readonly TemplateFunction[] = [
  defineFunction('semver', [text], requireVersion),
  defineFunction('semverCompare', [text, text], (constraint, version) => {
    const holds = checkConstraint(constraint, requireVersion(version));
    if (holds === undefined)
      throw callFault('the constraint cannot be read', 'write one such as ^1.2 or >=1.2, <2');
    return holds;
  }),
];

function requireVersion(value: string): SemanticVersion {
  const version = SemanticVersion.parse(value);
  if (!version) throw callFault('the text is not a semantic version', 'write one such as 1.2.3');
  return version;
}
