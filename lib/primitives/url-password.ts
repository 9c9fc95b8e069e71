/** A user with a password in an address; where pages are asked for, a user alone, too: many tokens are given so. */
const PASSWORD = /\b(?:(https?:\/\/)[^\s/"'@?#]+|([a-z][a-z0-9+.-]*:\/\/)[^\s/"'@?#:]*:[^\s/"'@?#]+)@/gi;

/** Whether there is an address with a password in it, anywhere in a text. */
export function hasPassword(text: string): boolean {
  return text.search(PASSWORD) >= 0;
}

/** The text, with the users and passwords of addresses made unreadable. */
export function maskedPasswords(text: string): string {
  return text.replace(PASSWORD, (_, web, other) => `${web ?? other}***@`);
}

/** The addresses with a password in a text, without them. */
export function addressesWithPassword(text: string): string[] {
  return [...text.matchAll(PASSWORD)].map(match => `${match[1] ?? match[2]}***@${/^[^\s/"'?#,;]*/.exec(text.slice(match.index + match[0].length))![0]}`);
}
