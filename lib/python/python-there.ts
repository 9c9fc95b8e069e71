import type { PythonBase } from './python-base';
import type { Fault } from '../primitives/faults';

/** What a tool's stage needs of a base: a Python whose path is known, and that is there or a package of the distribution. */
export function pythonThere({ buildImage: { facts, label }, _install }: PythonBase): Fault[] {
  if (_install !== undefined && _install.build.before.length + _install.build.after.length > 0) {
    const problem = `the Python of ${label} is installed by steps of its own, which are not repeated here; use a base that has it, such as a member of a PythonBaseFamily`;
    return [{ code: 'PYTHON_NOT_THERE', problem }];
  }
  return facts.pythonPath !== undefined ? [] : [{
    code: 'PYTHON_UNKNOWN', problem: `where ${label} has its Python is unknown; say it with BaseImage.fromReference(…, { pythonPath: '/usr/bin/python3' })`,
  }];
}
