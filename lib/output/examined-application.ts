import type { IConstruct } from 'constructs';
import { FileTarget } from './file-target';
import { ContainerImage } from '../build/container-image';
import { SourceDirectory } from '../build/source-directory';
import { acknowledgements } from '../checks/acknowledgement';
import { Severity, type Check, type Finding } from '../checks/check';
import { runChecks } from '../checks/run-checks';
import { TOKEN_IN_FILE } from '../checks/token-in-file';
import { sortedBy } from '../primitives/stable';
import { Application } from '../services/application';
import { planApplication, type FullApplicationPlan } from '../services/plan-application';

/** An application, derived and checked. */
export interface ExaminedApplication {
  readonly plan: FullApplicationPlan;
  readonly findings: Finding[];
}

/**
 * Plans an application, and runs all checks on it: those of its file targets, and of the host target that it is handed to, too.
 *
 * @param ofHost checks of the host target that it is being handed to
 */
export function examine(application: Application, ofHost: readonly Check[] = []): ExaminedApplication {
  const plan = planApplication(application);
  const ofTargets = [...fileTargets(application).flatMap(target => [TOKEN_IN_FILE, ...target._checks()]), ...ofHost];
  return { plan, findings: runChecks(plan, acknowledgements(application), ofTargets) };
}

/** The file targets of an application, in order. */
export function fileTargets(application: Application): FileTarget[] {
  return sortedBy(application.node.findAll().filter(construct => construct instanceof FileTarget), target => target.node.path);
}

/** What constructs say of themselves; and an image outside any Application would be written nowhere. */
export function invalidLines(root: IConstruct): string[] {
  return root.node.findAll().flatMap(construct => {
    const problems = [...construct.node.validate(), ...(construct instanceof ContainerImage ? Application._missing(construct) : [])];
    return problems.map(problem => `${construct.node.path}: ${problem}`);
  });
}

/**
 * Shows all faults together.
 *
 * @param invalid lines of {@link invalidLines}
 * @param consequence such as `nothing was written`
 */
export function mustBeSound(invalid: readonly string[], findings: readonly Finding[], consequence: string, source: SourceDirectory): void {
  const lines = [...new Set([...invalid, ...findings.filter(isFault).map(findingLine)])];
  if (lines.length === 0) return;
  const faults = lines.length === 1 ? '1 fault' : `${lines.length} faults`;
  throw new Error(`${faults}, ${consequence} (root: ${source.path})\n${lines.sort().map(line => `  ${line}`).join('\n')}`);
}

/** An application that a host makes at once: all of its faults are thrown together. */
export function mustBeExamined(application: Application, ofHost: readonly Check[]): ExaminedApplication & { readonly source: SourceDirectory } {
  const source = SourceDirectory.of(application);
  const invalid = invalidLines(application);
  const examined = examine(application, ofHost);
  mustBeSound(invalid, examined.findings, 'nothing was made', source);
  return { ...examined, source };
}

function isFault(finding: Finding): boolean {
  return finding.severity === Severity.ERROR && finding.acknowledged === undefined;
}

function findingLine(finding: Finding): string {
  return `${finding.path}: ${finding.problem} (${finding.link}) [${finding.code}]`;
}
