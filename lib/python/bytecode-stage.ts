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

/** A name after a `?` may be no module at all: a class, a function. Those without have to be there. */
const COMPILE = `"""Imports modules, and compiles all that this has imported."""
import importlib
import importlib.util
import os
import py_compile
import sys

failed = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name.lstrip("?"))
    except ModuleNotFoundError as problem:
        if not name.startswith("?"):
            failed.append(f"  {name}: {problem}")
    except BaseException as problem:
        failed.append(f"  {name.lstrip('?')}: {type(problem).__name__}: {problem}")
if failed:
    sys.exit("These modules cannot be imported while the image is built. Leave them out: Bytecode.imported({ leaveOut: [...] })\\n" + "\\n".join(failed))
for module in list(sys.modules.values()):
    source = getattr(module, "__file__", None) or ""
    if source.endswith(".py") and os.path.dirname(source) not in ("", "/", os.path.dirname(__file__)):
        cached = importlib.util.cache_from_source(source)
        py_compile.compile(source, cached, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`;

/** What the stage is made from. */
export interface BytecodeInput extends Required<ImportedBytecodeProps> {
  /** Stage that has the packages. */
  readonly buildStage: string;
  /** Directory of the packages' environment, in that stage and in the image. */
  readonly environment: string;
  readonly interpreter: string;
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
    { kind: 'user', userId: 0, groupId: 0 },
    { kind: 'writeFile', path: PROGRAM, text: COMPILE, mode: '0644' },
    { kind: 'environment', variables: BYTECODE_VARIABLE },
    {
      kind: 'runExec',
      command: [input.interpreter, '-B', PROGRAM, ...names],
      mounts: [{ type: 'bind', from: { kind: 'stage', name: input.buildStage }, source: input.environment, target: input.environment }],
      why: 'compiled by the interpreter that will read it, from the files that it will find',
    },
  ];
}
