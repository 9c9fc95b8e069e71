import type { ImportedBytecodeProps } from './bytecode';
import type { Instruction } from '../build/instruction';
import { sortedUnique } from '../primitives/stable';

/** Name of the stage that compiles. */
export const BYTECODE_STAGE = 'bytecode';
/** Where the bytecode is, in that stage and in the image. */
export const BYTECODE = '/pycache';
/** What Python takes it from. */
export const BYTECODE_VARIABLE = { PYTHONPYCACHEPREFIX: BYTECODE };

const PROGRAM = '/compile/imported.py';

/** A name after a `?` was read from the source: it may be no module at all but a class, or want what is not there yet. Those without have to work. */
const COMPILE = `"""Imports modules, and keeps the bytecode of all that this has imported."""
import importlib
import importlib.util
import os
import sys

sys.dont_write_bytecode = False
failed = []
for argument in sys.argv[1:]:
    name = argument.lstrip("?")
    try:
        importlib.import_module(name)
    except BaseException as problem:
        line = f"  {name}: {type(problem).__name__}: {problem}"
        if name == argument:
            failed.append(line)
        elif not isinstance(problem, ModuleNotFoundError):
            print(f"not imported while the image is built, so compiled only in part:\\n{line}", file=sys.stderr)
if failed:
    sys.exit("These modules cannot be imported while the image is built. Leave them out: Bytecode.imported({ leaveOut: [...] })\\n" + "\\n".join(failed))
for directory, _, files in os.walk(sys.pycache_prefix):
    for cached in (os.path.join(directory, file) for file in files):
        with open(importlib.util.source_from_cache(cached), "rb") as file:
            head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(file.read())
        with open(cached, "r+b") as file:
            file.write(head)
`;

/** What the stage is made from. */
export interface BytecodeInput extends Required<ImportedBytecodeProps> {
  /** Stage that has the packages. */
  readonly buildStage: string;
  /** Directory of the packages' environment, in that stage and in the image. */
  readonly environment: string;
  readonly interpreter: string;
  /** Whether the stage starts as another user than root. */
  readonly startsAsUser: boolean;
  /** Modules that the source imports; some may be names in modules. */
  readonly imported: readonly string[];
  /** Modules that the server imports, some by name. */
  readonly server: readonly string[];
}

/** Instructions of a stage on the runtime image: its own interpreter and its own library, the packages mounted. No shell is needed. */
export function bytecodeInstructions(input: BytecodeInput): Instruction[] {
  const sure = [...input.server, ...input.modules];
  const names = sortedUnique([...sure, ...input.imported.filter(name => !sure.includes(name)).map(name => `?${name}`)])
    .filter(name => !input.leaveOut.some(left => name.replace('?', '') === left || name.replace('?', '').startsWith(`${left}.`)));
  return [
    ...(input.startsAsUser ? [{ kind: 'user', userId: 0, groupId: 0 } as const] : []),
    { kind: 'writeFile', path: PROGRAM, text: COMPILE, mode: '0644' },
    { kind: 'environment', variables: BYTECODE_VARIABLE },
    {
      kind: 'runExec',
      command: [input.interpreter, PROGRAM, ...names],
      mounts: [{ type: 'bind', from: { kind: 'stage', name: input.buildStage }, source: input.environment, target: input.environment }],
      why: 'compiled by the interpreter that will read it, from the files that it will find',
    },
  ];
}
