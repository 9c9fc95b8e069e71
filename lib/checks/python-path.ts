import { Severity, type Check } from './check';
import { eachNeed } from './each-stage';

/** Files that start the interpreter by its path need it at that path. */
export const PYTHON_PATH: Check = {
  code: 'PYTHON_PATH',
  severity: Severity.ERROR,
  link: 'https://docs.python.org/3/library/venv.html#how-venvs-work',
  find: plan => eachNeed(plan, (need, from, to) => {
    if (need.pythonPath === undefined || need.pythonPath === to.base.pythonPath) return [];
    const has = to.base.pythonPath === undefined ? 'has no Python that is known' : `has its Python at ${to.base.pythonPath}`;
    return [`${need.what} from ${from.baseReference} starts ${need.pythonPath}, but ${to.baseReference} ${has}; use two images that agree, such as PythonBase.chainguard()`];
  }),
};
