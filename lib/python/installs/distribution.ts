import { DISTRIBUTION_PYTHON } from './distribution-python';
import { distributionLabel, distributionName, NO_STEPS, type InstallInput, type InstallPlan } from './install-plan';
import { must } from '../../primitives/faults';

/** Names of the packages with Python and with pip, by distribution. */
const PACKAGES: Readonly<Record<string, { readonly python: string; readonly pip: string } | undefined>> = {
  // https://pkgs.alpinelinux.org/package/v3.23/community/x86_64/py3-pip
  alpine: { python: 'python3', pip: 'py3-pip' },
  // https://packages.debian.org/trixie/python3-pip
  debian: { python: 'python3', pip: 'python3-pip' },
  // https://packages.ubuntu.com/noble/python3-pip
  ubuntu: { python: 'python3', pip: 'python3-pip' },
};

/** The distribution's own Python: in each stage as packages. */
export function distributionInstall({ base }: InstallInput, python: string | undefined): InstallPlan {
  const [names, known] = distributionName(base) === 'wolfi' ? [wolfi(base.label, python), python] : [PACKAGES[distributionName(base)], releasedPython(base.facts.distribution)];
  must(names, 'PYTHON_UNPACKAGED',
    `how ${distributionLabel(base)} packages its Python is not known; use a Debian, Ubuntu, Alpine or Wolfi image, or install it in a base image of your own`);
  must(python === undefined || known === undefined || python === known, 'PYTHON_RELEASE_OTHER',
    `${base.label} packages Python ${known}, not ${python}; leave 'python' out, use another release of it, or install Python in another way`);
  const { family = base.facts.distribution } = base.facts;
  return {
    facts: { python: known ?? python, pythonPath: '/usr/bin/python3', family },
    buildPackages: [names.python],
    runtimePackages: [names.python],
    pipPackages: [names.pip],
    build: NO_STEPS,
    runtime: NO_STEPS,
  };
}

function releasedPython(distribution: string | undefined): string | undefined {
  return distribution === undefined || !Object.hasOwn(DISTRIBUTION_PYTHON, distribution) ? undefined : DISTRIBUTION_PYTHON[distribution]!.python;
}

/**
 * Several at a time, each under its own name; the one without a suffix brings `/usr/bin/python3`.
 *
 * @see https://github.com/wolfi-dev/os/blob/0068f80864f00ccf6ebdfd82cbc9d794ce7bdf26/python-3.13.yaml
 * @see https://github.com/wolfi-dev/os/blob/00fd1709322cca26d0e5efdca35d746b7d5f7a9c/py3-pip.yaml
 */
function wolfi(label: string, python: string | undefined) {
  must(python !== undefined, 'PYTHON_RELEASE_MISSING', `${label} packages several Pythons; say which: PythonInstall.distribution({ python: '3.13' })`);
  return { python: `python-${python}`, pip: `py${python}-pip` };
}
