/** Where the programs are that judge Kubernetes output, and what happens where they are not. */
import { join } from 'node:path';
import { run } from '../engine';

const INSTALL = '.ci/install-kubernetes-judges';

/** Folder of the programs; undefined where they have not been built, which is said and in CI fails. */
const FOLDER: string | undefined = (() => {
  const { status, stdout, stderr } = run(INSTALL, ['--check']);
  if (status === 0) return stdout.trim();
  if (process.env.CI) throw new Error(`in CI no judge of Kubernetes output may be absent: ${stderr}`);
  process.stderr.write(`\n*** THE JUDGES OF KUBERNETES OUTPUT ARE SKIPPED: ${stderr.trim()} (some 7 minutes, once) ***\n`);
  return undefined;
})();

/** Describes what needs the programs. */
export const describeWithJudges: jest.Describe = FOLDER ? describe : describe.skip;

/** Path of one of them. */
export function program(name: 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kubectl' | 'kube-score'): string {
  if (!FOLDER) throw new Error(`${name} is not there: run ${INSTALL}`);
  return join(FOLDER, name);
}
