/** What cdk-nag's AwsSolutions says of a stack, in this process. */
import { App, Aspects, type Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type INagLogger } from 'cdk-nag';

/** `<construct path>: <rule>` of every finding that no suppression acknowledges, with its detail in brackets if it has one: sorted. */
export function nagFindings(stack: Stack): string[] {
  const findings = new Set<string>();
  const nothing = () => undefined;
  const logger: INagLogger = {
    onNonCompliance: ({ resource, ruleId, findingId }) => { findings.add(`${resource.node.path}: ${ruleId}${findingId && `[${findingId}]`}`); },
    // it could not tell, because of a value that is known only when the stack is deployed
    onError: ({ resource, ruleId, errorMessage }) => { findings.add(`${resource.node.path}: ${ruleId} failed: ${errorMessage}`); },
    onCompliance: nothing,
    onSuppressed: nothing,
    onSuppressedError: nothing,
    onNotApplicable: nothing,
  };
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [logger] }));
  (App.of(stack) as App).synth({ force: true });
  return [...findings].sort();
}
