import { DISTRIBUTION_PYTHON } from './distribution-python';
import { distributionLabel, distributionName, PYTHON_STAGE, type InstallInput, type InstallPlan, type InstallSteps } from './install-plan';
import type { Instruction } from '../../build/instruction';
import { must } from '../../primitives/faults';

/**
 * What signs the archive.
 *
 * @see https://launchpad.net/~deadsnakes/+archive/ubuntu/ppa
 */
const FINGERPRINT = 'F23C5A6CF475977595C89F51BA6932366A755776';
const KEY_SERVER = 'hkps://keyserver.ubuntu.com';
/** Read without TLS, as Ubuntu's own archive: images have no certificates at that moment, and apt believes signatures only. */
export const DEADSNAKES_ARCHIVE = 'http://ppa.launchpadcontent.net/deadsnakes/ppa/ubuntu';

const KEY = '/usr/share/keyrings/deadsnakes.gpg';
const SOURCES = '/etc/apt/sources.list.d/deadsnakes.sources';

/** Names of Ubuntu's releases. @see https://salsa.debian.org/debian/distro-info-data/-/blob/main/ubuntu.csv */
const SUITES: Readonly<Record<string, string | undefined>> = { 'ubuntu 22.04': 'jammy', 'ubuntu 24.04': 'noble', 'ubuntu 26.04': 'resolute' };

/**
 * Packages of deadsnakes in both stages. Its key is fetched by its fingerprint, which gpg compares, in a stage of its own: gpg and the
 * certificates for that are in no other.
 */
export function deadsnakesInstall({ base }: InstallInput, python: string, archive: string): InstallPlan {
  const suite = SUITES[base.facts.distribution ?? ''];
  must(distributionName(base) === 'ubuntu' && suite !== undefined, 'DEADSNAKES_UBUNTU',
    `deadsnakes packages Python for long-term releases of Ubuntu, and ${distributionLabel(base)} is none of ${Object.keys(SUITES).join(', ')}; `
    + "use BaseImage.ubuntu({ release: '24.04' }), or PythonInstall.source");
  const own = DISTRIBUTION_PYTHON[base.facts.distribution!]!.python;
  must(python !== own, 'DEADSNAKES_RELEASE',
    `deadsnakes does not package Python ${python} for ${base.facts.distribution}, which has it itself; use PythonInstall.distribution()`);
  const pythonPath = `/usr/bin/python${python}`;
  const steps = sources(suite, archive);
  return {
    facts: { python, pythonPath },
    buildPackages: [`python${python}`, `python${python}-venv`],
    runtimePackages: [`python${python}`],
    pipPackages: [],
    preparation: {
      packages: ['ca-certificates', 'dirmngr', 'gnupg'],
      instructions: [{
        kind: 'runShell',
        commands: [`gpg --keyserver ${KEY_SERVER} --recv-keys ${FINGERPRINT}`, `gpg --export --output ${KEY} ${FINGERPRINT}`],
        mounts: [],
        why: 'a key that has another fingerprint is not taken',
      }],
    },
    build: { ...steps, after: [pip(pythonPath)] },
    runtime: steps,
  };
}

/** In the format that names the key beside the archive that it may sign. @see https://manpages.ubuntu.com/manpages/noble/man5/sources.list.5.html */
function sources(suite: string, archive: string): InstallSteps {
  const text = `Types: deb\nURIs: ${archive}\nSuites: ${suite}\nComponents: main\nSigned-By: ${KEY}\n`;
  return {
    before: [
      { kind: 'copy', from: { kind: 'stage', name: PYTHON_STAGE }, sources: [KEY], target: KEY, mode: '0644', link: true, why: 'what the archive is signed with' },
      { kind: 'writeFile', path: SOURCES, text, mode: '0644' },
    ],
    after: [],
  };
}

/** Ubuntu's own pip is for its own Python. @see https://github.com/deadsnakes/issues/issues/223 */
function pip(pythonPath: string): Instruction {
  return { kind: 'runExec', command: [pythonPath, '-m', 'ensurepip'], mounts: [], why: 'the pip that this Python brings' };
}
