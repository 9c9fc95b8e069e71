import { LAUNCHER_PROGRAM } from '../launcher';
import type { ServerProgram } from '../servers/server-plan';

/** First arguments by which the program does something else than serve. */
export const [PROBE, LAUNCH] = ['--wheelhouse-probe', '--wheelhouse-launch'];
/** The first argument that makes it one of the other processes. */
export function otherProgram(index: number): string {
  return `--wheelhouse-program-${index}`;
}

/** Asks a port of the container, in the words of {@link ImageFacts.prober}. */
export const PROBE_PROGRAM = `"""Asks a port of this container: http PORT PATH SECONDS [HOST], or tcp PORT SECONDS."""
import http.client
import socket
import sys

kind, port, *rest = sys.argv[1:]
if kind == "tcp":
    socket.create_connection(("127.0.0.1", int(port)), float(rest[0])).close()
else:
    path, seconds, *host = rest
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=float(seconds))
    connection.request("GET", path, headers={"Host": host[0]} if host else {})
    sys.exit(connection.getresponse().status >= 400)
`;

/** The same program as an interpreter runs elsewhere. */
export const LAUNCH_PROGRAM = LAUNCHER_PROGRAM;

/** The program that is compiled: it looks which of its parts is wanted, and imports that one alone. */
export function mainProgram(count: number): string {
  const parts = [
    [PROBE, 'wheelhouse_probe'], [LAUNCH, 'wheelhouse_launch'],
    ...Array.from({ length: count - 1 }, (_, index) => [otherProgram(index + 1), `wheelhouse_program_${index + 1}`]),
  ];
  return [
    '"""The service as one program, with what asks its health and what reads its secrets."""', 'import sys', '',
    'wanted = sys.argv[1:2]',
    ...parts.flatMap(([argument, module], index) => [`${index === 0 ? 'if' : 'elif'} wanted == ["${argument}"]:`, '    del sys.argv[1]', `    import ${module}`]),
    'else:', '    import wheelhouse_program_0', '',
  ].join('\n');
}

/** What the compiler is told. */
export interface CompileInput {
  readonly programs: readonly ServerProgram[];
  /** Modules that have to be in the program, with all that is in them when they are packages. */
  readonly own: readonly string[];
  /** Modules that are included; after a `?`, those that may be missing. */
  readonly modules: readonly string[];
  /** Packages that are included with all their modules. */
  readonly packages: readonly string[];
  /** More options of Nuitka. */
  readonly options: readonly string[];
}

/**
 * Makes of what `python -m` or a console script would run modules that a compiled program can import, and has Nuitka compile them all.
 *
 * @see https://nuitka.net/user-documentation/user-manual.html
 */
export function compileProgram({ programs, own, modules, packages, options }: CompileInput): string {
  const list = (names: readonly string[]) => names.length === 0 ? '[]' : `[\n${names.map(name => `    ${JSON.stringify(name)},\n`).join('')}]`;
  return [
    '"""Compiles the service into one program."""',
    'import ast', 'import importlib.util', 'import os', 'import sys', 'from importlib.metadata import entry_points', '',
    '# what the image runs', `PROGRAMS = [${programs.map(({ kind, name }) => `("${kind}", "${name}")`).join(', ')}]`,
    "# the source's own", `OWN = ${list(own)}`,
    '# what is imported by name only; after a ?, what may be missing', `MODULES = ${list(modules)}`,
    `PACKAGES = ${list(packages)}`,
    `OPTIONS = ${list(options)}`,
  ].join('\n') + COMPILE;
}

const COMPILE = `


def found(name):
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None


class AsMain(ast.NodeTransformer):
    """A module as if it were the program: it takes itself for __main__, and what it imports from beside itself it imports by its whole name."""

    def __init__(self, package):
        self.package = package

    def visit_Name(self, node):
        return ast.copy_location(ast.Constant("__main__"), node) if node.id == "__name__" and isinstance(node.ctx, ast.Load) else node

    def visit_ImportFrom(self, node):
        if node.level:
            parent = self.package.split(".")[:len(self.package.split(".")) - node.level + 1]
            node.module, node.level = ".".join([*parent, *([node.module] if node.module else [])]), 0
        return node


def program(kind, name):
    if kind == "script":
        scripts = list(entry_points(group="console_scripts", name=name))
        if not scripts:
            sys.exit(f"no package has a console script {name}")
        module, _, function = scripts[0].value.partition("[")[0].strip().partition(":")
        return f"import sys\\nimport {module}\\n\\nsys.exit({module}.{function}())\\n"
    spec = found(f"{name}.__main__") or found(name)
    if not (spec and spec.origin and spec.origin.endswith(".py")):
        sys.exit(f"there is no module {name} in Python that could be compiled as a program")
    with open(spec.origin, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    return ast.unparse(ast.fix_missing_locations(AsMain(spec.parent).visit(tree))) + "\\n"


here = os.path.dirname(os.path.abspath(__file__))
for index, (kind, name) in enumerate(PROGRAMS):
    with open(os.path.join(here, f"wheelhouse_program_{index}.py"), "w", encoding="utf-8") as file:
        file.write(program(kind, name))
wanted = [name for name in MODULES if not name.startswith("?")] + [name[1:] for name in MODULES if name.startswith("?") and found(name[1:])]
packages = PACKAGES + [name for name in OWN if (spec := found(name)) and spec.submodule_search_locations]
modules = [name for name in OWN if name not in packages] + wanted
command = [
    sys.executable, "-m", "nuitka", "--mode=standalone", "--deployment", "--lto=no", "--python-flag=unbuffered",
    f"--jobs={len(os.sched_getaffinity(0))}",
    *[f"--include-module={name}" for name in modules], *[f"--include-package={name}" for name in packages],
    *OPTIONS, os.path.join(here, "service.py"),
]
sys.stdout.flush()
os.execv(sys.executable, command)
`;
