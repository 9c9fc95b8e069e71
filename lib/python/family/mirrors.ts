import type { IConstruct } from 'constructs';
import type { Instruction } from '../../build/instruction';
import { must, type Fault } from '../../primitives/faults';

/** Where packages come from. */
export interface Mirrors {
  readonly apt?: string;
  readonly aptSecurity?: string;
  readonly pip?: string;
}

/** Names of Debian's releases in the addresses of its archive. @see https://wiki.debian.org/DebianReleases */
const SUITES: Readonly<Record<string, string | undefined>> = { 'debian 12': 'bookworm', 'debian 13': 'trixie' };

/** Debian's own keys, in both releases. @see https://packages.debian.org/trixie/all/debian-archive-keyring/filelist */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Refuses what is no address of packages, or one that every image would tell a password of. */
export function mustBeMirror(property: string, url: string, construct: IConstruct): void {
  must(!url.includes('@'), 'MIRROR_CREDENTIALS',
    `${property} '${masked(url)}' holds credentials, which every image of the family would hold; give the address alone, and credentials to builds as secrets`, construct);
  must(/^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~%+-]+)*\/?$/.test(url), 'MIRROR_URL',
    `${property} '${masked(url)}' is not an address such as https://packages.example.com/simple`, construct);
}

/** Without what may be secret: what stands before an `@`, and after a `?`. */
function masked(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)?.*@/i, '$1***@').replace(/[?#].*/, '?***');
}

/**
 * Has apt ask the mirrors, and nobody else. They are copies: Debian's own keys sign what they hold.
 *
 * @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html
 */
export function aptInstructions({ apt, aptSecurity }: Mirrors, distribution: string | undefined): Instruction[] {
  const suite = SUITES[distribution ?? ''];
  if (apt === undefined || aptSecurity === undefined || suite === undefined) return [];
  const sources = [[apt, `${suite} ${suite}-updates`], [aptSecurity, `${suite}-security`]]
    .map(([uri, suites]) => `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`);
  return [
    { kind: 'writeFile', path: '/etc/apt/sources.list', text: '# in sources.list.d/debian.sources\n', mode: '0644', why: 'apt asks the mirror, and nobody else' },
    { kind: 'writeFile', path: '/etc/apt/sources.list.d/debian.sources', text: sources.join('\n'), mode: '0644' },
  ];
}

/** A base whose apt cannot be led to the mirror. */
export function aptFaults({ apt }: Mirrors, label: string, distribution: string | undefined): Fault[] {
  if (apt === undefined || SUITES[distribution ?? ''] !== undefined) return [];
  return [{
    code: 'APT_MIRROR',
    problem: `aptMirror is a copy of Debian's archive, and ${label} has ${distribution ?? 'an unknown distribution'}; use bases on ${Object.keys(SUITES).join(' or ')}, or leave it out`,
  }];
}

/**
 * Has pip ask the index. A setting of a service, such as PIP_INDEX_URL, is stronger. uv reads none of it: its index is said in the project.
 *
 * @see https://pip.pypa.io/en/stable/topics/configuration/
 */
export function pipInstructions({ pip }: Mirrors): Instruction[] {
  if (pip === undefined) return [];
  const { protocol, hostname } = new URL(pip);
  // pip does not talk to a host without TLS unless it is told to
  const trusted = protocol === 'http:' ? [`trusted-host = ${hostname}`] : [];
  return [{
    kind: 'writeFile', path: '/etc/pip.conf', text: ['[global]', `index-url = ${pip}`, ...trusted, ''].join('\n'), mode: '0644', why: 'pip asks the mirror, and nobody else',
  }];
}
