import type { BaseImageUser } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import { shellWord } from '../primitives/shell-quote';

/** One line each in passwd and group. No useradd: it writes today's date, which no rebuild repeats. */
export function addUser(user: BaseImageUser): Instruction[] {
  const passwd = `${user.name}:x:${user.userId}:${user.groupId}:${user.name}:${user.home}:/sbin/nologin`;
  const group = `${user.name}:x:${user.groupId}:`;
  return [{ kind: 'runShell', commands: [`echo ${shellWord(passwd)} >> /etc/passwd`, `echo ${shellWord(group)} >> /etc/group`], mounts: [], why: 'programs look up who they run as' }];
}
