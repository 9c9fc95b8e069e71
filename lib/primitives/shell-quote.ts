/** One word of a POSIX shell command, quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** An argument vector as one POSIX shell command. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
