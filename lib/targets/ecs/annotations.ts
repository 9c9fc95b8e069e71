import type { IConstruct } from 'constructs';
import { awsCdk } from './aws-cdk';
import { Severity, type Finding } from '../../checks/check';

/** Has `cdk synth` say what checks found and nobody acknowledged. */
export function annotateFindings(construct: IConstruct, findings: readonly Finding[]): void {
  const annotations = awsCdk().Annotations.of(construct);
  for (const { acknowledged, severity, code, path, problem, link } of findings) {
    if (acknowledged !== undefined) continue;
    const text = `${path}: ${problem} (${link})`;
    if (severity === Severity.INFO) annotations.addInfoV2(`cdk-wheelhouse:${code}`, text);
    else annotations.addWarningV2(`cdk-wheelhouse:${code}`, text);
  }
}
