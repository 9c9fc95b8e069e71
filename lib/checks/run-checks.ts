import type { Acknowledgement } from './acknowledgement';
import { Severity, type Check, type Finding } from './check';
import { LIBC_MIXED } from './libc-mixed';
import { LIBC_NEWER } from './libc-newer';
import { PYTHON_MIXED } from './python-mixed';
import { PYTHON_PATH } from './python-path';
import { ROUTE_PORT } from './route-port';
import { RUN_WITHOUT_SHELL } from './run-without-shell';
import { SECRET_NAME } from './secret-name';
import { SOURCE_MISSING } from './source-missing';
import { sortedBy } from '../primitives/stable';
import type { FullApplicationPlan } from '../services/plan-application';

const CHECKS: readonly Check[] = [
  LIBC_MIXED, LIBC_NEWER, PYTHON_MIXED, PYTHON_PATH, ROUTE_PORT, RUN_WITHOUT_SHELL, SECRET_NAME, SOURCE_MISSING,
];

const ACKNOWLEDGED_NOTHING = {
  code: 'ACKNOWLEDGED_NOTHING',
  severity: Severity.ERROR,
  link: 'https://github.com/cdk-wheelhouse/cdk-wheelhouse#checks',
};

/** What all checks have to say of an application, ordered by path and code. */
export function runChecks(plan: FullApplicationPlan, acknowledged: readonly Acknowledgement[]): Finding[] {
  const used = new Set<Acknowledgement>();
  const findings = CHECKS.flatMap(check => check.find(plan).map((found): Finding => {
    const acknowledgement = acknowledged.find(entry => entry.code === check.code && isAtOrBelow(found.path, entry.path));
    if (acknowledgement) used.add(acknowledgement);
    const { code, severity, link } = check;
    return { code, severity, path: found.path, problem: found.problem, link, acknowledged: acknowledgement?.reason };
  }));
  const unused = acknowledged.filter(entry => !used.has(entry)).map((entry): Finding => ({
    ...ACKNOWLEDGED_NOTHING, path: entry.path, problem: `'${entry.code}' is acknowledged, but no check says it here; take the acknowledgement out`,
  }));
  return sortedBy([...findings, ...unused], finding => `${finding.path} ${finding.code} ${finding.problem}`);
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}
