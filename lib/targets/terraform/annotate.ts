import type { IConstruct } from 'constructs';
import { library } from './terraform-element';
import { Severity, type Finding } from '../../checks/check';
import type { Loss } from '../../output/loss';

/** Has the host say what was lost, and what checks found and nobody acknowledged. */
export function annotate(construct: IConstruct, losses: readonly Loss[], findings: readonly Finding[]): void {
  const { WARN, INFO } = library().AnnotationMetadataEntryType;
  for (const { path, declared, instead } of losses) construct.node.addMetadata(WARN, `${path}: ${declared}: ${instead}`);
  for (const { path, problem, code, link, severity } of findings.filter(({ acknowledged }) => acknowledged === undefined)) {
    construct.node.addMetadata(severity === Severity.INFO ? INFO : WARN, `${path}: ${problem} (${link}) [${code}]`);
  }
}
