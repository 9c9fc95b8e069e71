import { Severity, type Check } from './check';
import { eachImage } from './each-stage';

/** A cluster looks at the number: it cannot tell whom a name means, and does not start the container. */
export const USER_NAME: Check = {
  code: 'USER_NAME',
  severity: Severity.WARNING,
  link: 'https://github.com/kubernetes/kubernetes/issues/40958',
  find: plan => eachImage(plan, ({ instructions }) => {
    const users = instructions.flatMap(instruction => {
      if (instruction.kind === 'user') return [`${instruction.userId}`];
      return instruction.kind === 'raw' ? [...instruction.text.matchAll(/^\s*USER\s+["']?([^\s:"']+)/gim)].map(match => match[1]) : [];
    });
    const last = users[users.length - 1];
    if (last === undefined || /^\d+$/.test(last)) return [];
    return [`user '${last}' of raw text is a name: what runs the image cannot know its number, and Kubernetes does not start it; say it with user(65532, 65532)`];
  }),
};
