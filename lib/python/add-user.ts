import type { BaseImageUser } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import { shellWord } from '../primitives/shell-quote';

const WHY = 'programs look up who they run as';

/** One line each in passwd and group. No useradd: it writes today's date, which no rebuild repeats. */
export function addUser(user: BaseImageUser): Instruction[] {
  const { passwd, group } = lines(user);
  return [{ kind: 'runShell', commands: [`echo ${shellWord(passwd)} >> /etc/passwd`, `echo ${shellWord(group)} >> /etc/group`], mounts: [], why: WHY }];
}

/** The same where there are no such files yet, and no shell. */
export function firstUser(user: BaseImageUser): Instruction[] {
  const { passwd, group } = lines(user);
  return [
    { kind: 'writeFile', path: '/etc/passwd', text: `root:x:0:0:root:/root:/sbin/nologin\n${passwd}\n`, mode: '0644', why: WHY },
    { kind: 'writeFile', path: '/etc/group', text: `root:x:0:\n${group}\n`, mode: '0644' },
  ];
}

function lines({ name, userId, groupId, home }: BaseImageUser): { passwd: string; group: string } {
  return { passwd: `${name}:x:${userId}:${groupId}:${name}:${home}:/sbin/nologin`, group: `${name}:x:${groupId}:` };
}
