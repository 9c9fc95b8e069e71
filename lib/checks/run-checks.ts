import type { Acknowledgement } from './acknowledgement';
import { Severity, type Check, type Finding } from './check';
import { COMMAND_TO_ENTRYPOINT } from './command-to-entrypoint';
import { DATA_WITHOUT_VOLUME } from './data-without-volume';
import { DECLARED_UNUSED } from './declared-unused';
import { DEPENDS_ON_DEMAND } from './depends-on-demand';
import { GRACE_TOO_SHORT } from './grace-too-short';
import { HEALTH_CHECK_RAW } from './health-check-raw';
import { HEALTH_MISSING } from './health-missing';
import { HEALTH_PORT_UNHEARD } from './health-port';
import { HOST_TOKEN } from './host-token';
import { LATEST_TAG } from './latest-tag';
import { LIBC_MIXED } from './libc-mixed';
import { LIBC_NEWER } from './libc-newer';
import { MUSL } from './musl';
import { NAME_TWICE } from './name-twice';
import { NATIVE_PACKAGES } from './native-packages';
import { NATIVE_UNKNOWN } from './native-unknown';
import { NETWORK_UNSHARED } from './network-unshared';
import { PACKAGE_MANAGER } from './package-manager';
import { PUBLISH_TWICE } from './publish-twice';
import { PYTHON_MIXED } from './python-mixed';
import { PYTHON_PATH } from './python-path';
import { REQUIREMENTS_BASE } from './requirements-base';
import { REQUIREMENTS_STALE } from './requirements-stale';
import { ROLLING_BASE } from './rolling-base';
import { ROUTE_PORT } from './route-port';
import { RUN_WITHOUT_SHELL } from './run-without-shell';
import { SECRET_IN_CONTEXT } from './secret-in-context';
import { SECRET_NAME } from './secret-name';
import { SOURCE_IGNORED } from './source-ignored';
import { SOURCE_MISSING } from './source-missing';
import { URL_PASSWORD } from './url-password';
import { USER_NAME } from './user-name';
import { VOLUME_OWNER } from './volume-owner';
import { VOLUME_USERS } from './volume-users';
import { sortedBy } from '../primitives/stable';
import type { FullApplicationPlan } from '../services/plan-application';

const CHECKS: readonly Check[] = [
  COMMAND_TO_ENTRYPOINT, DATA_WITHOUT_VOLUME, DECLARED_UNUSED, DEPENDS_ON_DEMAND, GRACE_TOO_SHORT, HEALTH_CHECK_RAW, HEALTH_MISSING,
  HEALTH_PORT_UNHEARD, HOST_TOKEN, LATEST_TAG, LIBC_MIXED, LIBC_NEWER, MUSL, NAME_TWICE, NATIVE_PACKAGES, NATIVE_UNKNOWN,
  NETWORK_UNSHARED, PACKAGE_MANAGER, PUBLISH_TWICE,
  PYTHON_MIXED, PYTHON_PATH, REQUIREMENTS_BASE, REQUIREMENTS_STALE, ROLLING_BASE, ROUTE_PORT, RUN_WITHOUT_SHELL, SECRET_IN_CONTEXT,
  SECRET_NAME, SOURCE_IGNORED, SOURCE_MISSING, URL_PASSWORD, USER_NAME, VOLUME_OWNER, VOLUME_USERS,
];

/** What it says depends on the day: an acknowledgement of it may be for tomorrow. */
const DATED = 'END_OF_LIFE';

/** Checks of targets: one declaration is made by several programs, and those without the target cannot tell what it would say. */
export const OF_TARGETS: readonly string[] = [
  'BUILD_MOUNT_MISSING', 'DEVELOPMENT_IMAGE', 'DIGEST_UNKNOWN', 'DOCKER_RESOLVER', 'EMPTY_WORD', 'EXPOSURE', 'FARGATE_SIZE', 'FILES_UNWRITTEN',
  'FILE_DIRECTORY', 'HEALTH_DISABLED', 'INGRESS_TWICE', 'JOB_UNAWAITED', 'LOW_PORT', 'NAMESPACE_SHARED', 'NETWORKS_TOO_MANY', 'PUBLISHED_INSIDE',
  'REGISTRY_MISSING', 'ROOT_USER', 'SCALING_UNRESERVED', 'SECRET_UNKNOWN', 'STOP_TIMEOUT', 'TOKEN_IN_FILE', 'VARIABLE_MISSING',
];

const ACKNOWLEDGED_NOTHING = {
  code: 'ACKNOWLEDGED_NOTHING',
  severity: Severity.ERROR,
  link: 'https://github.com/cdk-wheelhouse/cdk-wheelhouse#checks',
};

/** What all checks, and those of the application's targets, have to say of it, in order. */
export function runChecks(plan: FullApplicationPlan, acknowledged: readonly Acknowledgement[], ofTargets: readonly Check[] = []): Finding[] {
  const findings = [...CHECKS, ...new Set(ofTargets)].flatMap(check => runCheck(check, plan, acknowledged));
  const asked = new Set(ofTargets.map(({ code }) => code));
  const judged = acknowledged.filter(({ code }) => code !== DATED && (asked.has(code) || !OF_TARGETS.includes(code)));
  const unused = judged.filter(entry => !findings.some(finding => isMeant(entry, finding))).map((entry): Finding => ({
    ...ACKNOWLEDGED_NOTHING, path: entry.path, problem: `'${entry.code}' is acknowledged, but no check says it here; take the acknowledgement out`,
  }));
  return inOrder([...findings, ...unused]);
}

/** What one check has to say. */
export function runCheck(check: Check, plan: FullApplicationPlan, acknowledged: readonly Acknowledgement[]): Finding[] {
  return check.find(plan).map(({ path, problem, severity = check.severity, link = check.link }): Finding => {
    const finding = { code: check.code, severity, path, problem, link };
    return { ...finding, acknowledged: acknowledged.find(entry => isMeant(entry, finding))?.reason };
  });
}

/** Findings by path and code. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return sortedBy([...findings], finding => `${finding.path} ${finding.code} ${finding.problem}`);
}

function isMeant(entry: Acknowledgement, finding: Finding): boolean {
  return entry.code === finding.code && (finding.path === entry.path || finding.path.startsWith(`${entry.path}/`));
}
