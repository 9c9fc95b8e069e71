const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const ANY = '*';

/**
 * A schedule as EventBridge writes it. Cron starts a job on days that are named by the month or by the week; EventBridge has only one of the two in
 * an expression, so those are two.
 *
 * @param schedule five fields of cron
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function eventBridgeSchedules(schedule: string): string[] {
  const [minute, hour, ofMonth, month, ofWeek] = schedule.toUpperCase().split(' ');
  const expression = (day: string, weekday: string) => `cron(${minute} ${hour} ${day} ${month} ${weekday} *)`;
  if (ofWeek === ANY) return [expression(ofMonth, '?')];
  const byWeek = expression('?', ofWeek.split(',').map(weekdays).join(','));
  return ofMonth === ANY ? [byWeek] : [expression(ofMonth, '?'), byWeek];
}

/** Cron counts days from Sunday, 0 or 7; EventBridge from 1: their names are the same. */
function weekdays(field: string): string {
  const [range, step] = field.split('/');
  const named = range.replace(/\d/g, digit => DAYS[Number(digit) % 7]);
  return step === undefined ? named : `${named === ANY ? 'SUN-SAT' : named}/${step}`;
}
