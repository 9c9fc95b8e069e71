import type { Instruction } from '../../build/instruction';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWord, shellWords } from '../../primitives/shell-quote';
import { addressesWithPassword } from '../../primitives/url-password';
import type { IndexData } from '../package-index';

/** In memory while a command runs. pip and uv read passwords there. @see https://pip.pypa.io/en/stable/topics/authentication/#netrc-support, https://docs.astral.sh/uv/concepts/authentication/http/#netrc-files */
const NETRC_DIRECTORY = '/run/netrc';
const NETRC = `${NETRC_DIRECTORY}/netrc`;
/** Where a build sees its secrets. @see https://docs.docker.com/reference/dockerfile/#run---mounttypesecret */
const SECRETS = '/run/secrets';

/**
 * Options of pip for these indexes: the first in place of the one that it knows, others besides.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-0
 */
export function indexOptions(indexes: readonly IndexData[]): string[] {
  return indexes.flatMap(({ url }, at) => [at === 0 ? '--index-url' : '--extra-index-url', url]);
}

type ShellRun = Extract<Instruction, { readonly kind: 'runShell' }>;

/** The command with the passwords of the indexes, which are secrets of the build: neither a layer nor the log has them. */
export function withPasswords(instruction: ShellRun, indexes: readonly IndexData[]): ShellRun {
  const asking = indexes.flatMap(({ passwordSecret, ...index }) => passwordSecret === undefined ? [] : [{ ...index, passwordSecret }]);
  if (asking.length === 0) return instruction;
  const secrets = [...new Set(asking.map(({ passwordSecret }) => passwordSecret))];
  const entries = asking.map(({ host, username, passwordSecret }) => `${shellWords([host, username])} "$(cat ${shellWord(`${SECRETS}/${passwordSecret}`)})"`);
  const mounts: MountData[] = [
    ...instruction.mounts, { type: 'tmpfs', target: NETRC_DIRECTORY }, ...secrets.map((id): MountData => ({ type: 'secret', id, required: true })),
  ];
  const commands = [`printf 'machine %s login %s password %s\\n' ${entries.join(' ')} > ${NETRC}`, `export NETRC=${NETRC}`, ...instruction.commands];
  return { ...instruction, commands, mounts };
}

/** A password in a file that is read to install: it is in the repository already, and whoever builds would need it there. */
export function passwordFaults(paths: readonly string[], read: (path: string) => string | undefined): Fault[] {
  return paths.flatMap(path => addressesWithPassword(read(path) ?? '').slice(0, 1).map(address => ({
    code: 'INDEX_PASSWORD',
    problem: `'${path}' has a user or password in the address '${address}'; take it out, where it was a real one change it, and give it to the build as a secret: `
      + "'indexes': [PackageIndex.at(…, { passwordSecret })]",
  })));
}
