import { Severity, type Check } from './check';
import { eachStage } from './each-stage';
import { PackageManager } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import { stageFacts } from '../build/stage-facts';

/** Commands, each with those who have it. */
const COMMANDS: Readonly<Record<string, readonly PackageManager[] | undefined>> = {
  'apt': [PackageManager.APT],
  'apt-get': [PackageManager.APT],
  'apt-cache': [PackageManager.APT],
  'apt-mark': [PackageManager.APT],
  'apk': [PackageManager.APK],
  'dnf': [PackageManager.DNF],
  'yum': [PackageManager.DNF],
  'microdnf': [PackageManager.MICRODNF],
};

/** A RUN that installs packages needs what installs them. */
export const PACKAGE_MANAGER: Check = {
  code: 'PACKAGE_MANAGER',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/build/building/best-practices/#apt-get',
  find: plan => eachStage(plan, (build, stage) => {
    const { base, baseReference } = stageFacts(build, stage);
    const has = base.packageManager;
    if (has === undefined) return [];
    return stage.instructions.filter(instruction => instruction.kind === 'runExec' || base.shell?.length !== 0).flatMap(instruction => {
      const foreign = commandsOf(instruction).find(({ program }) => own(program) && !own(program)!.includes(has));
      if (!foreign) return [];
      return has === PackageManager.NONE
        ? [`RUN '${foreign.text}' needs ${foreign.program}, and ${baseReference} has no package manager; install in a stage on a base that has one, and copy what is needed`]
        : [`RUN '${foreign.text}' needs ${foreign.program}, and ${baseReference} has ${has}; use ${has}, or a base that has ${foreign.program}`];
    });
  }),
};

function own(program: string): readonly PackageManager[] | undefined {
  return Object.hasOwn(COMMANDS, program) ? COMMANDS[program] : undefined;
}

interface Command { readonly program: string; readonly text: string }

/** The commands that an instruction runs, as far as they can be told from its text. */
function commandsOf(instruction: Instruction): Command[] {
  switch (instruction.kind) {
    case 'runExec': return [{ program: baseName(instruction.command[0]), text: instruction.command.join(' ') }];
    case 'runShell': return instruction.commands.flatMap(shellCommands);
    case 'runScript': return /^#!(?!.*sh\b)/.test(instruction.script) ? [] : shellCommands(instruction.script);
    default: return [];
  }
}

/** A script that asks which programs are there knows what it does. */
function shellCommands(script: string): Command[] {
  if (/\b(?:command -v|which|type)\s/.test(script)) return [];
  const plain = script.replace(/\\\n/g, ' ').replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, "''").replace(/(^|\s)#.*$/gm, '');
  return plain.split(/[;&|\n(){}`]/).map(part => part.trim().replace(/^(?:(?:then|do|else|if|while|until|time|exec|sudo|env|!|[A-Za-z_]\w*=\S*)\s+)+/, ''))
    .filter(text => text !== '').map(text => ({ program: baseName(text.split(/\s/)[0]), text }));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
