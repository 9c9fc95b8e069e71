import type { Table } from './pyproject';

/**
 * A document as TOML text, in the order of its keys: what uv writes stays as it looks. Lists of tables are sections of their own at the top, and
 * lists on several lines below it.
 *
 * @see https://toml.io/en/v1.0.0
 */
export function tomlText(document: Table): string {
  return `${sections([], document).join('\n\n')}\n`;
}

/** The sections of a table, its own values first. */
function sections(path: readonly string[], values: Table, header = `[${path.map(keyText).join('.')}]`): string[] {
  const entries = Object.entries(values);
  const lines = entries.filter(([, value]) => !isSection(value, path)).map(([name, value]) => `${keyText(name)} = ${valueText(value)}`);
  const isNeeded = path.length > 0 && (lines.length > 0 || entries.length === 0 || header.startsWith('[['));
  return [
    ...(isNeeded ? [[header, ...lines].join('\n')] : path.length === 0 && lines.length > 0 ? [lines.join('\n')] : []),
    ...entries.filter(([, value]) => isSection(value, path)).flatMap(([name, value]) => {
      const under = [...path, name];
      return Array.isArray(value) ? value.flatMap(item => sections(under, item, `[[${under.map(keyText).join('.')}]]`)) : sections(under, value as Table);
    }),
  ];
}

/** Small tables of plain values stay on their line, further down. */
function isSection(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return path.length === 0 && value.length > 0 && value.every(isTable);
  if (!isTable(value)) return false;
  return path.length === 0 || path[0] === 'tool' && path.length === 1 || Object.values(value).some(item => isTable(item) || Array.isArray(item));
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMoment(value);
}

/** A date or a time, as the parser answers them. */
function isMoment(value: unknown): value is { toISOString: () => string } {
  return typeof value === 'object' && value !== null && 'toISOString' in value;
}

/** A value with its lists, but those of one, on several lines. */
function valueText(value: unknown, indent = ''): string {
  if (!Array.isArray(value) || value.length < 2) return inlineText(value);
  const inner = `${indent}    `;
  return `[\n${value.map(item => `${inner}${valueText(item, inner)},\n`).join('')}${indent}]`;
}

function inlineText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replace(/\u007f/g, '\\u007f');
  if (Array.isArray(value)) return `[${value.map(inlineText).join(', ')}]`;
  if (isMoment(value)) return value.toISOString();
  if (!isTable(value)) return String(value);
  const entries = Object.entries(value).map(([name, item]) => `${keyText(name)} = ${inlineText(item)}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

function keyText(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : inlineText(name);
}
