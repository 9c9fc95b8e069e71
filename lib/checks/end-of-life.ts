import { Severity, type Check, type Problem } from './check';
import type { BuildPlan } from '../build/build-plan';
import { LIFECYCLES } from '../build/lifecycle';
import { sortedUnique } from '../primitives/stable';

/** How long before the end it is told. */
const NOTICE_MONTHS = 6;

/**
 * A release that gets no security updates any more, or soon. The only check that knows the day, so nothing that is written
 * depends on what it says.
 *
 * @param today such as `2026-11-21`
 * @param dates what somebody knows better, by release
 */
export const endOfLife = (today: string, dates: Readonly<Record<string, string>>): Check => ({
  code: 'END_OF_LIFE',
  severity: Severity.WARNING,
  link: 'https://endoflife.date/',
  find: plan => plan.images.filter(image => image.stage === undefined).flatMap(({ path, build }) => releasesOf(build).flatMap(release => {
    const known = Object.hasOwn(LIFECYCLES, release.name) ? LIFECYCLES[release.name] : undefined;
    const [end, link] = Object.hasOwn(dates, release.name) ? [dates[release.name], undefined] : [known?.endOfLife, known?.source];
    if (end === undefined || end >= monthsAfter(today, NOTICE_MONTHS)) return [];
    return [{ path, link, ...told(release, end, end < today) }];
  })),
});

function told({ name, reference }: Release, end: string, past: boolean): Pick<Problem, 'problem' | 'severity'> {
  const what = reference.startsWith(name) ? reference : `${name} in ${reference}`;
  if (past) return { problem: `${what} has had no security updates since ${end}; use a newer release` };
  const problem = `${what} gets security updates until ${end}, for less than ${NOTICE_MONTHS} months; plan the move to a newer release`;
  return { severity: Severity.INFO, problem };
}

interface Release { readonly name: string; readonly reference: string }

/** Releases in an image and in what it is built with, each with the first base that has it. */
function releasesOf(build: BuildPlan | undefined): Release[] {
  const all = (build?.stages ?? []).flatMap(({ base }): Release[] => {
    if (base.kind === 'stage') return [];
    const { python, distribution, family } = base.facts;
    return [...python === undefined ? [] : [`python ${python}`], ...distribution === undefined ? [] : [distribution], ...family === undefined ? [] : [family]]
      .map(name => ({ name, reference: base.reference }));
  });
  return sortedUnique(all.map(({ name }) => name)).map(name => all.find(release => release.name === name)!);
}

/** No such day, such as 2027-02-31, is fine: days are only compared. */
function monthsAfter(day: string, months: number): string {
  const [year, month, rest] = day.split('-').map(Number);
  const later = year * 12 + (month - 1) + months;
  return [Math.floor(later / 12), later % 12 + 1, rest].map(part => `${part}`.padStart(2, '0')).join('-');
}
