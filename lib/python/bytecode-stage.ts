import type { ImportedBytecodeProps } from './bytecode';
import type { SeenPackages } from './layouts/layout-plan';
import type { Instruction } from '../build/instruction';
import { sortedUnique } from '../primitives/stable';

/** Name of the stage that compiles. */
export const BYTECODE_STAGE = 'bytecode';
/** Where the bytecode is, in that stage and in the image. */
export const BYTECODE = '/pycache';
/** What Python takes it from. */
export const BYTECODE_VARIABLE = { PYTHONPYCACHEPREFIX: BYTECODE };

const PROGRAM = '/compile/imported.py';

/** Names read from the source may be no modules at all but classes, or want what is not there yet. The others have to work. */
const PROGRAM_TEXT = `
sys.dont_write_bytecode = False
failed = []
for name in READ + NEEDED:
    try:
        importlib.import_module(name)
    except BaseException as problem:
        line = f"  {name}: {type(problem).__name__}: {problem}"
        if name in NEEDED:
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
/** Width of the lines that names are written in. */
const LINE = 110;

function program(read: readonly string[], needed: readonly string[]): string {
  const names = (list: readonly string[]) => `"""\n${filledLines(list)}""".split()`;
  return [
    '"""Imports modules, and keeps the bytecode of all that this has imported."""',
    'import importlib', 'import importlib.util', 'import os', 'import sys', '',
    '# what the source imports, or the server where it is there; some may be no modules', `READ = ${names(read)}`,
    '# what the server and the declaration name', `NEEDED = ${names(needed)}`,
  ].join('\n') + PROGRAM_TEXT;
}

function filledLines(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map(line => `${line}\n`).join('');
}

/** What the stage is made from. */
export interface BytecodeInput extends Required<ImportedBytecodeProps> {
  /** How the stage sees the packages. */
  readonly seen: SeenPackages;
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
  const without = (names: readonly string[]) => sortedUnique(names).filter(name => !input.leaveOut.some(left => name === left || name.startsWith(`${left}.`)));
  const needed = without([...input.server.filter(name => !name.startsWith('?')), ...input.modules]);
  const perhaps = input.server.filter(name => name.startsWith('?')).map(name => name.slice(1));
  const read = without([...input.imported, ...perhaps]).filter(name => !needed.includes(name));
  return [
    ...(input.startsAsUser ? [{ kind: 'user', userId: 0, groupId: 0 } as const] : []),
    ...input.seen.instructions,
    { kind: 'writeFile', path: PROGRAM, text: program(read, needed), mode: '0644' },
    { kind: 'environment', variables: BYTECODE_VARIABLE },
    { kind: 'workingDirectory', path: BYTECODE, why: 'Python 3.11 does not make a directory under the root by itself' },
    {
      kind: 'runExec',
      command: [input.interpreter, PROGRAM],
      mounts: input.seen.mounts,
      why: 'compiled by the interpreter that will read it, from the files that it will find',
    },
  ];
}
