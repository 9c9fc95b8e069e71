/**
 * Any string that is accepted survives: printed, then read by a parser that is not ours. Thousands of strings here; PROPERTY_RUNS says how many
 * (`npm run test:properties`: 100,000). What the engine makes of the nastiest is in test/e2e/printer.test.ts.
 */
import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import * as fc from 'fast-check';
import type { BuildPlan, GlobalArgument, StagePlan } from '../lib/build/build-plan';
import type { Instruction as Data } from '../lib/build/instruction';
import { mustBeScriptLine } from '../lib/build/instruction-values';
import { mustBeSourcePath } from '../lib/build/source-path';
import { printDockerfile } from '../lib/output/dockerfile';
import { mustBeContainerPath } from '../lib/primitives/container-path';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };

/** Strings in which what Dockerfiles, shells, JSON and patterns give a meaning is frequent. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'"\'\\$`#<>{}[]()*?!=&|;:, \t/.-_aA0%~^@+', 'é', '☃', '𝄞', '\u2028', '\u00a0', '\ufeff') }),
  fc.constantFrom('EOF', '<<EOF', '#', '# syntax=x', 'USER root', 'FROM x', '${A:-b}', '\\', '"', "'", '--from=x', '["a"]', ' ', ''),
).map(text => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, ''));

const oneLine = nasty.map(text => text.replace(/[\r\n\0]/g, ''));

function dockerfileOf(stages: StagePlan[], globalArguments: GlobalArgument[] = []): string {
  const build: BuildPlan = {
    stages, syntax: 'docker/dockerfile:1', skippedChecks: [], failOnChecks: false, globalArguments, needs: [], remarks: [], sourcePaths: [], optionalPaths: [],
  };
  return printDockerfile(build, { ports: [], writablePaths: [] });
}

/** Parses what is printed for these instructions; after each a marker, so that one that swallows or makes lines is seen. */
function printed(...instructions: Data[]): Instruction[] {
  const marked = instructions.flatMap((instruction): Data[] => [instruction, { kind: 'user', userId: 4711, groupId: 0 }]);
  const stage: StagePlan = { name: 'one', path: 'one', base: { kind: 'image', reference: 'scratch', facts: {} }, instructions: marked };
  const parsed = DockerfileParser.parse(dockerfileOf([stage])).getInstructions().slice(1);
  expect(parsed.filter((_, index) => index % 2 === 1).map(instruction => `${instruction.getKeyword()} ${instruction.getArgumentsContent()}`))
    .toEqual(instructions.map(() => 'USER 4711:0'));
  return parsed.filter((_, index) => index % 2 === 0);
}

/** Takes quotes and escapes off a word, as the Dockerfile reference describes it. */
function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(["$\\])/g, '$1') : word;
}

function accepted(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

describe('any', () => {
  test.each(['environment', 'labels'] as const)('value of %s', kind => {
    fc.assert(fc.property(oneLine, oneLine, (first, second) => {
      const values = { A: first, B: second };
      const [instruction] = printed(kind === 'environment' ? { kind, variables: values } : { kind, labels: values });
      const properties = (instruction as any).getProperties();
      expect(properties.map((property: any) => [property.getName(), unquoted(property.getUnescapedValue() ?? '')])).toEqual(Object.entries(values));
      expect((instruction as any).getVariables()).toEqual([]);
    }), RUNS);
  });

  test('default of a build argument', () => {
    fc.assert(fc.property(oneLine, value => {
      const [instruction] = printed({ kind: 'argument', name: 'A', value });
      expect(unquoted((instruction as any).getProperty().getUnescapedValue() ?? '')).toBe(value);
    }), RUNS);
  });

  test('default of a build argument before the first FROM', () => {
    fc.assert(fc.property(fc.option(oneLine, { nil: undefined }), oneLine, (first, second) => {
      const stage: StagePlan = { name: 'one', path: 'one', base: { kind: 'image', reference: '${A}/x:$B', facts: {} }, instructions: [] };
      const parsed = DockerfileParser.parse(dockerfileOf([stage], [{ name: 'A', value: first }, { name: 'B', value: second }]));
      expect(parsed.getInstructions().map(instruction => instruction.getKeyword())).toEqual(['ARG', 'ARG', 'FROM']);
      const values = parsed.getInitialARGs().map(argument => argument.getProperty()!.getUnescapedValue());
      expect(values.map(value => value && unquoted(value))).toEqual([first === undefined ? null : first, second]);
      expect(parsed.getFROMs()[0].getVariables().map(variable => variable.getName())).toEqual(['A', 'B']);
    }), RUNS);
  });

  test.each(['command', 'entrypoint', 'shell', 'runExec'] as const)('argument vector of %s', kind => {
    const words = fc.array(nasty.map(text => text.replace(/\0/g, '')), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(words, command => {
      const [instruction] = printed(kind === 'runExec' ? { kind, command, mounts: [] } : { kind, command });
      expect(JSON.parse(instruction.getArgumentsContent()!)).toEqual(command);
    }), RUNS);
  });

  test('pair of source path and target', () => {
    const part = oneLine.filter(text => accepted(() => mustBeSourcePath(text)));
    const target = oneLine.map(text => `/${text}`).filter(text => accepted(() => mustBeContainerPath(text)));
    fc.assert(fc.property(part, target, (source, to) => {
      const [instruction] = printed({ kind: 'copy', sources: [source], target: to, link: false });
      const text = instruction.getArgumentsContent()!;
      // as BuildKit reads it: JSON or words, then escapes, then patterns of one character
      const words: string[] = text.startsWith('["') ? JSON.parse(text) : text.split(' ');
      const [pattern, path] = words.map(word => word.replace(/\\(["'$\\])/g, '$1'));
      expect([pattern.replace(/\[([*?[])\]/g, '$1'), path]).toEqual([source, to]);
      expect(pattern.replace(/\[[*?[]\]/g, '')).not.toMatch(/[*?[]/);
    }), RUNS);
  });

  test('text of a file or of a script', () => {
    fc.assert(fc.property(fc.array(oneLine).map(lines => lines.join('\n')).filter(text => text.trim() !== ''), text => {
      const [file, script] = printed({ kind: 'writeFile', path: '/x', text, mode: '0644' }, { kind: 'runScript', script: text, mounts: [] });
      for (const instruction of [file, script] as any[]) {
        const [, word] = /<<'(EOF_*)'/.exec(instruction.getTextContent())!;
        expect(instruction.getTextContent().split('\n').slice(1).join('\n')).toBe(`${text.replace(/\n$/, '')}\n${word}`);
      }
    }), RUNS);
  });

  test('line of shell that is accepted', () => {
    // the parser leaves out backslashes where BuildKit does not: before a space, in `-\-`, which it then takes for an option, and in `\<<`
    const misread = /\\[ \t<]|^[ \t]*-\\/;
    const script = oneLine.filter(text => accepted(() => mustBeScriptLine(text, undefined as never)) && !misread.test(text));
    fc.assert(fc.property(script, text => {
      const [instruction] = printed({ kind: 'runShell', commands: [text], mounts: [] });
      expect(instruction.getArgumentsContent()).toBe(text.replace(/^[ \t]+|[ \t]+$/g, ''));
    }), RUNS);
  });
});
