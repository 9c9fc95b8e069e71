/** How a refusal is asserted: its whole message, and beside it what is accepted. */
import { appWith, filesUnder, FLASK_SOURCE, refusal } from './declare';
import type { Application } from 'cdk-wheelhouse';

/** Refused at once, with this message and no other; what is beside it is accepted. */
export function refusesAtOnce(name: string, message: string, bad: () => unknown, good: () => unknown): void {
  test(`refuses ${name}`, () => {
    expect(bad).toThrow(new Error(message));
    expect(good).not.toThrow();
  });
}

/** Refused by synth, with these lines and no others; the same with `good` in place of `bad` is written. */
export function refusesAtSynth(name: string, lines: string[], bad: (application: Application) => unknown, good: (application: Application) => unknown,
  files: Record<string, string> = FLASK_SOURCE): void {
  test(`refuses ${name}`, () => {
    const refused = appWith(files);
    bad(refused.application);
    expect(refusal(refused.app)).toEqual(lines);
    expect(Object.keys(filesUnder(refused.root)).filter(path => path.startsWith('wheelhouse.out'))).toEqual([]);
    const accepted = appWith(files);
    good(accepted.application);
    expect(accepted.app.synth().written).toContain('manifest.json');
  });
}
