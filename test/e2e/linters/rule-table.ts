/** docs/linter-rules.md as data. */
import { readFileSync } from 'node:fs';

/** One rule of one tool. */
export interface RuleRow {
  /** Heading above the table. */
  readonly tool: string;
  readonly id: string;
  readonly about: string;
  /** What of ours sees to it, or why nothing does. */
  readonly guarantee: string;
  /** Files whose tests show it. */
  readonly tests: readonly string[];
}

export const RULES_FILE = 'docs/linter-rules.md';

/** All rows, in the order of the file. */
export function ruleRows(text: string = readFileSync(RULES_FILE, 'utf8')): RuleRow[] {
  return text.split(/^## /m).slice(1).flatMap(section => {
    const tool = section.split('\n', 1)[0];
    return [...section.matchAll(/^\| `([^`|]+)` \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$/gm)].map(([, id, about, guarantee, tests]) => (
      { tool, id, about, guarantee, tests: [...tests.matchAll(/`([^`]+)`/g)].map(match => match[1]) }
    ));
  });
}

/** Ids of one tool's rules, sorted. */
export function rulesOf(tool: string): string[] {
  return ruleRows().filter(row => row.tool === tool).map(row => row.id).sort();
}
