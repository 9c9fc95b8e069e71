import type { Command, Option } from 'commander';

/** Shells that a completion can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

interface Verb {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Word[];
  /** What its first argument may be, when that is one of a few words. */
  readonly arguments: readonly string[];
}

interface Word {
  readonly short?: string;
  readonly long: string;
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** A script that completes the command's verbs and options in a shell. */
export function completion(shell: typeof SHELLS[number], program: Command): string {
  const verbs = program.commands.map((verb): Verb => ({
    name: verb.name(),
    about: verb.description(),
    options: [...verb.options.map(word), HELP],
    arguments: verb.registeredArguments[0]?.argChoices ?? [],
  }));
  return { bash, zsh, fish }[shell](verbs);
}

const HELP: Word = { short: '-h', long: '--help', about: 'display help for command', takesValue: false, choices: [] };

function word({ short, long, description, required, optional, argChoices }: Option): Word {
  return { short, long: long!, about: description, takesValue: required || optional, choices: argChoices ?? [] };
}

/** @see https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
function bash(verbs: readonly Verb[]): string {
  const all = verbs.flatMap(verb => verb.options);
  const flags = (words: readonly Word[]) => [...new Set(words.flatMap(({ short, long }) => short === undefined ? [long] : [short, long]))];
  const choices = all.filter(option => option.choices.length > 0);
  const files = all.filter(option => option.takesValue && option.choices.length === 0);
  return [
    '# wheelhouse completion bash > ~/.local/share/bash-completion/completions/wheelhouse',
    '_wheelhouse() {',
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=',
    '  COMPREPLY=()',
    '  case $before in',
    ...choices.map(option => `    ${flags([option]).join('|')}) COMPREPLY=($(compgen -W "${option.choices.join(' ')}" -- "$word")); return ;;`),
    `    ${flags(files).join('|')}) return ;; # names of files, by 'complete -o default'`,
    '  esac',
    '  case ${COMP_WORDS[1]} in',
    ...verbs.map(verb => `    ${verb.name}) words="${flags(verb.options).join(' ')}" ;;`),
    '  esac',
    `  [ "$COMP_CWORD" -eq 1 ] && words="${[...verbs.map(verb => verb.name), '--help', '--version'].join(' ')}"`,
    ...withArguments(verbs).map(verb => `  [ "\${COMP_WORDS[1]}" = ${verb.name} ] && [ "$COMP_CWORD" -eq 2 ] && words="${verb.arguments.join(' ')}"`),
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o default -F _wheelhouse wheelhouse',
    '',
  ].join('\n');
}

/** @see https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
function zsh(verbs: readonly Verb[]): string {
  const text = (words: string) => words.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&');
  const option = ({ short, long, about, takesValue, choices }: Word) => {
    const names = short === undefined ? `'${long}` : `'(${short} ${long})'{${short},${long}}'`;
    const value = !takesValue ? '' : choices.length > 0 ? `:choice:(${choices.join(' ')})` : ':file:_files';
    return `${names}[${text(about)}]${value}'`;
  };
  return [
    '#compdef wheelhouse',
    '# wheelhouse completion zsh > a file _wheelhouse in a folder of $fpath',
    '_wheelhouse() {',
    '  local -a verbs=(',
    ...verbs.map(verb => `    '${verb.name}:${text(verb.about)}'`),
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe 'verb' verbs",
    '    return',
    '  fi',
    '  case $words[2] in',
    ...verbs.map(verb => `    ${verb.name}) shift words; (( CURRENT-- )); _arguments ${[...verb.options.map(option), verb.arguments.length > 0 ? `'1:word:(${verb.arguments.join(' ')})'` : "'*::argument:_default'"].join(' ')} ;;`),
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_wheelhouse" ]; then _wheelhouse "$@"; else compdef _wheelhouse wheelhouse; fi',
    '',
  ].join('\n');
}

/** @see https://fishshell.com/docs/current/completions.html */
function fish(verbs: readonly Verb[]): string {
  const text = (words: string) => `'${words.replace(/[\\']/g, '\\$&')}'`;
  return [
    '# wheelhouse completion fish > ~/.config/fish/completions/wheelhouse.fish',
    ...verbs.flatMap(verb => [
      `complete -c wheelhouse -n __fish_use_subcommand -f -a ${verb.name} -d ${text(verb.about)}`,
      ...verb.options.map(({ short, long, about, takesValue, choices }) => [
        `complete -c wheelhouse -n '__fish_seen_subcommand_from ${verb.name}'`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`,
        ...(takesValue ? choices.length > 0 ? [`-x -a '${choices.join(' ')}'`] : ['-r'] : []), `-d ${text(about)}`,
      ].join(' ')),
    ]),
    ...withArguments(verbs).map(verb => `complete -c wheelhouse -n '__fish_seen_subcommand_from ${verb.name}' -f -a '${verb.arguments.join(' ')}'`),
    '',
  ].join('\n');
}

function withArguments(verbs: readonly Verb[]): Verb[] {
  return verbs.filter(verb => verb.arguments.length > 0);
}
