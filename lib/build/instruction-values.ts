import type { IConstruct } from 'constructs';
import { must } from '../primitives/faults';

/** What a Dockerfile cannot carry, or would read as something else, is refused here; each with its reason. */

/** One line of shell that stays one line and stays shell. */
export function mustBeScriptLine(script: string, construct: IConstruct): void {
  must(script.trim() !== '' && !/[\r\n\0]/.test(script), 'RUN_SCRIPT',
    `script ${JSON.stringify(script)} is not one line of shell; join commands with '&&', or use runScript`, construct);
  must(!/\\\s*$/.test(script), 'RUN_CONTINUED', `script '${script}' ends with a backslash, which joins it with the next line; take it off`, construct);
  must(!startsHereDocument(script), 'RUN_HEREDOC',
    `script '${script}' starts a here-document, which would take the lines that follow; use runScript`, construct);
  must(!/^\s*(#|--)/.test(script) && !isJsonArray(script), 'RUN_FORM',
    `script '${script}' would be read as a comment, an option or the exec form; start with a command`, construct);
}

/**
 * BuildKit sees `<<` at the start of a word, whatever space follows it: in `$((1 << 2))` too, and not in quotes. What stands in `${}` it
 * reads on, so that is not taken apart here.
 */
function startsHereDocument(script: string): boolean {
  if (script.includes('${')) return /(?<!<)<<(?!<)/.test(script);
  const words = script.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/g, '_');
  return /(?:^|[\s;&|]|(?<!\()\()\d*<<-?\s*(?:[^<\s]|$)/.test(words);
}

/** A program and its arguments. */
export function mustBeCommand(command: readonly string[], construct: IConstruct): void {
  mustBeWords(command, construct);
  must(command[0] !== '', 'COMMAND_EMPTY', `command ${JSON.stringify(command)} starts with an empty word; give a program and its arguments`, construct);
}

/** Words of a command. */
export function mustBeWords(command: readonly string[], construct: IConstruct): void {
  must(command.length > 0 && !command.some(word => word.includes('\0')), 'COMMAND_WORDS',
    `command ${JSON.stringify(command)} is empty or has a NUL; give a program or arguments, none with a NUL`, construct);
}

/** A value of ENV, ARG or LABEL. */
export function mustBeText(what: string, value: string, instruction: string, construct: IConstruct): void {
  must(!/[\r\n\0]/.test(value), 'VALUE_LINES', `${what} has a line break or NUL, which ${instruction} does not carry`, construct);
}

/** The key of a label. */
export function mustBeLabel(key: string, construct: IConstruct): void {
  must(/^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/.test(key), 'LABEL_KEY',
    `label '${key}' is not a key; use letters, digits, '.', '_', '-' and '/', such as org.opencontainers.image.title`, construct);
}

/** Permissions as COPY and mounts read them on every engine. */
export function mustBeMode(mode: string | undefined, construct?: IConstruct): void {
  must(mode === undefined || /^0?[0-7]{3,4}$/.test(mode), 'FILE_MODE', `mode '${mode}' is not octal, such as 0644`, construct);
}

/** Number of a user or group. */
export function mustBeUserId(number: number, construct: IConstruct): void {
  must(Number.isInteger(number) && number >= 0 && number <= 4294967294, 'USER_ID', `user or group number ${number} is outside 0-4294967294`, construct);
}

/** An address that ADD loads. Userinfo would stay readable in the history. */
export function mustBeUrl(url: string, construct?: IConstruct): void {
  must(/^(https?|git|ssh):\/\/[^\s"'$\\]+$|^git@[^\s"'$\\]+$/.test(url), 'ADD_URL', `'${masked(url)}' is not an address that ADD loads, such as https://example.com/file`, construct);
  must(!/^https?:\/\/[^/]*@/.test(url), 'ADD_CREDENTIALS',
    `'${masked(url)}' holds credentials, which stay readable in the image's history; load it in a RUN with Mount.secret`, construct);
}

/** An instruction for those who build on the image. */
export function mustBeTrigger(trigger: string, construct: IConstruct): void {
  must(/^[A-Z]+ \S/.test(trigger) && !/[\r\n\0]|<<|\\\s*$/.test(trigger) && !/^(FROM|ONBUILD|MAINTAINER) /.test(trigger), 'ON_BUILD',
    `'${trigger}' is not an instruction on one line that ONBUILD takes; FROM, ONBUILD, MAINTAINER and here-documents are not`, construct);
}

function masked(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@');
}

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
