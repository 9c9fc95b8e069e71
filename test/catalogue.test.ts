/** Base images that have a factory: their names, their facts with the pages that say so, and the days that age. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusesAtOnce } from './refuses';
import { CHOSEN_IMAGES, CHOSEN_TOOLS, LIFECYCLES } from '../lib/build/lifecycle';
import { BaseImage, Libc, PackageManager } from 'cdk-wheelhouse';

/** One of each kind, under the name that it has to have. */
const CATALOGUE: Record<string, BaseImage> = {
  'python:3.13': BaseImage.python({ python: '3.13' }),
  'python:3.13-trixie': BaseImage.python({ python: '3.13', debian: 'trixie' }),
  'python:3.13-slim': BaseImage.pythonSlim({ python: '3.13' }),
  'python:3.13-slim-bookworm': BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }),
  'python:3.13-alpine': BaseImage.pythonAlpine({ python: '3.13' }),
  'python:3.13-alpine3.23': BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }),
  'debian:bookworm': BaseImage.debian({ release: 'bookworm' }),
  'debian:trixie-slim': BaseImage.debian({ release: 'trixie', slim: true }),
  'ubuntu:22.04': BaseImage.ubuntu({ release: '22.04' }),
  'ubuntu:24.04': BaseImage.ubuntu({ release: '24.04' }),
  'ubuntu:26.04': BaseImage.ubuntu({ release: '26.04' }),
  'alpine:3.23': BaseImage.alpine({ release: '3.23' }),
  'gcr.io/distroless/python3-debian12:nonroot': BaseImage.distrolessPython(),
  'gcr.io/distroless/python3-debian12:latest': BaseImage.distrolessPython({ root: true }),
  'gcr.io/distroless/python3-debian13:nonroot': BaseImage.distrolessPython({ debian: 'trixie' }),
  'nginx:1.28': BaseImage.nginx({ nginx: '1.28' }),
  'nginxinc/nginx-unprivileged:1.28.0': BaseImage.nginxUnprivileged({ nginx: '1.28.0' }),
  'cgr.dev/chainguard/wolfi-base:latest': BaseImage.wolfi(),
  'cgr.dev/chainguard/python:latest': BaseImage.chainguardPython(),
  'cgr.dev/chainguard/python:latest-dev': BaseImage.chainguardPythonDev(),
  'cgr.dev/chainguard/nginx:latest': BaseImage.chainguardNginx(),
  'scratch': BaseImage.scratch(),
};

describe.each(Object.entries(CATALOGUE))('%s', (name, base) => {
  test('is the name of the tag that was asked for', () => expect(base.reference).toBe(name));

  test('has a page for each fact that its tag does not say', () => {
    const said = ['python', 'nginxVersion', 'family'];
    expect(Object.keys(base.facts).filter(fact => !said.includes(fact) && !(fact in base.sources))).toEqual([]);
    expect(Object.keys(base.sources).filter(fact => !(fact in base.facts))).toEqual([]);
    for (const page of Object.values(base.sources)) expect(page).toMatch(/^https:\/\/[a-z.]+\/\S+$/);
  });

  test('has facts that go together', () => {
    const { facts } = base;
    expect([facts.packageManager, facts.libc, facts.rolling, facts.shell]).not.toContain(undefined);
    // packages are installed by a shell command
    if (facts.packageManager !== PackageManager.NONE) expect(facts.shell).toEqual(['/bin/sh', '-c']);
    expect(facts.libc === Libc.MUSL).toBe(name.includes('alpine'));
    // what moves to new releases has none that is known, and what has one does not move
    const release = facts.distribution !== undefined && facts.distribution !== 'wolfi';
    if (release) expect(facts.rolling).toBe(false);
    if (facts.rolling) expect(facts.libcVersion).toBeUndefined();
    expect(facts.python === undefined).toBe(!/python3?[-:][3d]/.test(name));
    expect(facts.pythonPath === undefined).toBe(!name.includes('python'));
    expect(facts.nginxPath === undefined).toBe(!name.includes('nginx'));
    const runs = facts.users?.find(user => user.userId === facts.defaultUserId);
    if (facts.defaultUserId !== 0) expect(runs?.groupId).toBe(facts.defaultGroupId);
  });
});

test('all releases of distributions and all Pythons of the catalogue have an end of life', () => {
  const releases = Object.values(CATALOGUE).flatMap(({ facts }) => [facts.distribution, facts.python && `python ${facts.python}`])
    .filter(release => release !== undefined && release !== 'wolfi');
  expect(releases.filter(release => !(release! in LIFECYCLES))).toEqual([]);
});

describe('factories', () => {
  refusesAtOnce('a release of Ubuntu of which nothing is known', "Ubuntu release '23.10' is unknown; use 22.04 or 24.04 or 26.04, or BaseImage.fromReference [UBUNTU_RELEASE]",
    () => BaseImage.ubuntu({ release: '23.10' }), () => BaseImage.ubuntu({ release: '24.04' }));
  refusesAtOnce('a release of Debian of which nothing is known', "Debian release 'constructor' is unknown; use bookworm or trixie [DEBIAN_RELEASE]",
    () => BaseImage.debian({ release: 'constructor' }), () => BaseImage.debian({ release: 'bookworm' }));
  refusesAtOnce('a patch release of Alpine', "Alpine release '3.23.1' is not a release such as 3.23 [ALPINE_RELEASE]",
    () => BaseImage.alpine({ release: '3.23.1' }), () => BaseImage.alpine({ release: '3.23' }));
  refusesAtOnce('a release of Alpine that is none', "Alpine release 'edge' is not a release such as 3.23 [ALPINE_RELEASE]",
    () => BaseImage.pythonAlpine({ python: '3.13', alpine: 'edge' }), () => BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }));
  refusesAtOnce('a nginx by the name of its line', "nginx 'stable' is not a release such as 1.28 [NGINX_RELEASE]",
    () => BaseImage.nginx({ nginx: 'stable' }), () => BaseImage.nginx({ nginx: '1.28' }));
});

describe('lifecycle.ts', () => {
  const DAY = /^\d{4}-\d\d-\d\d$/;

  test('says each end of life with its day and page, in order', () => {
    for (const [release, { endOfLife, lookedUp, source }] of Object.entries(LIFECYCLES)) {
      expect([release, endOfLife, lookedUp, source]).toEqual([expect.stringMatching(/^\S+( \d[\d.]*)?$/), expect.stringMatching(DAY), expect.stringMatching(DAY), expect.stringMatching(/^https:\/\//)]);
      expect([release, Number.isNaN(Date.parse(endOfLife)), Number.isNaN(Date.parse(lookedUp))]).toEqual([release, false, false]);
    }
    const numbered = (release: string) => release.replace(/\d+/g, part => part.padStart(3, '0'));
    expect(Object.keys(LIFECYCLES)).toEqual(Object.keys(LIFECYCLES).sort((a, b) => numbered(a) < numbered(b) ? -1 : 1));
  });

  test('says each image that is used where nothing else is said with its release, day and page', () => {
    for (const { reference, lookedUp, source } of Object.values(CHOSEN_IMAGES)) {
      expect([reference, lookedUp, source]).toEqual([expect.stringMatching(/^\S+:\d+(\.\d+)*$/), expect.stringMatching(DAY), expect.stringMatching(/^https:\/\//)]);
      expect(Number.isNaN(Date.parse(lookedUp))).toBe(false);
    }
  });

  test('says each tool with the release of all that is installed for it, its day and page', () => {
    for (const { packages, lookedUp, source } of Object.values(CHOSEN_TOOLS)) {
      expect(packages.filter(item => !/^[a-z-]+(\[[a-z]+\])?==\d+(\.\d+)+$/.test(item))).toEqual([]);
      expect([lookedUp, source]).toEqual([expect.stringMatching(DAY), expect.stringMatching(/^https:\/\//)]);
      expect(Number.isNaN(Date.parse(lookedUp))).toBe(false);
    }
  });

  test('has no entry that nobody has looked up for a year', () => expect(outdated(new Date())).toEqual([]));

  test('tells how to renew those that nobody has looked up for a year', () => {
    expect(outdated(new Date('2027-11-20'))).toEqual([]);
    expect(outdated(new Date('2027-11-23'))).toContain(
      'debian 12 was last looked up on 2026-11-21: open https://salsa.debian.org/debian/distro-info-data/-/blob/main/debian.csv, correct its day in lib/build/lifecycle.ts, and write today into lookedUp');
    expect(outdated(new Date('2027-11-23'))).toContain(
      'ghcr.io/astral-sh/uv:0.13.8 was last looked up on 2026-11-21: open https://github.com/astral-sh/uv/releases, correct its release in lib/build/lifecycle.ts, and write today into lookedUp');
  });

  test('has no neighbour: no other file of lib/ names the release of an image', () => {
    const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && file !== join('build', 'lifecycle.ts'));
    // in code: examples in comments may name any
    const named = (file: string) => readFileSync(join('lib', file), 'utf8').match(/(?<=^[^*]*)'[a-z0-9.-]+\/[a-z0-9./-]+:\d+\.\d[^']*'/gm) ?? [];
    expect(files.flatMap(named)).toEqual([]);
    expect(named(join('build', 'lifecycle.ts'))).toEqual(["'ghcr.io/astral-sh/uv:0.13.8'", "'valkey/valkey:9.1'"]);
  });

  /** What is to be done for each entry that is older than a year on a day. */
  function outdated(today: Date): string[] {
    const yearAgo = new Date(today.getTime() - 366 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const entries = [
      ...Object.entries(LIFECYCLES).map(([name, entry]) => ({ name, what: 'day', ...entry })),
      ...Object.values(CHOSEN_IMAGES).map(entry => ({ name: entry.reference, what: 'release', ...entry })),
      ...Object.values(CHOSEN_TOOLS).map(entry => ({ name: entry.packages[0], what: 'release', ...entry })),
    ];
    return entries.filter(({ lookedUp }) => lookedUp < yearAgo).map(({ name, what, lookedUp, source }) =>
      `${name} was last looked up on ${lookedUp}: open ${source}, correct its ${what} in lib/build/lifecycle.ts, and write today into lookedUp`);
  }
});
