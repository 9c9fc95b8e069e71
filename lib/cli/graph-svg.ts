import type { Graph, GraphEdge, GraphNode } from './graph-model';

/** Width of a character of a monospaced font, as part of its size; most have 0.6. */
const CHARACTER = 0.61;
const FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const SIZE = 13;
const SMALL = 11;
const PADDING = 12;
const LINE = 18;
/** Between two boxes of a column. */
const GAP = 28;
const MARGIN = 24;
const TITLE = 34;
/** Height that a line takes where it passes a column. */
const PASS = 26;
/** Colours that people with colour blindness tell apart. @see https://jfly.uni-koeln.de/color/ */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#666666'];
const NO_NETWORK = '#b00020';
const OUTSIDE = ' outside';
const DASHES = ' stroke-dasharray="5 4"';

/** Something that takes room in a column: a box, or a line that passes. */
interface Item {
  readonly key: string;
  readonly column: number;
  readonly width: number;
  readonly height: number;
  readonly node?: Pick<GraphNode, 'id' | 'kind' | 'image' | 'networks'>;
  x: number;
  y: number;
}

interface Line { readonly edge: Pick<GraphEdge, 'talks' | 'networks'>; readonly text: string[]; readonly way: readonly Item[] }

/** An application as a picture: what is outside at the left, then what is reached from there, then what that reaches. */
export function svgGraph(graph: Graph): string {
  const { items, lines } = placed(graph);
  const colour = (network: string) => COLOURS[Math.max(0, graph.networks.findIndex(({ name }) => name === network)) % COLOURS.length];
  const legend = graph.networks.map(({ name, internal }) => ({ name, text: internal ? `${name} (reaches nothing outside)` : name }));
  const strokes = [
    ...(graph.edges.some(({ talks }) => talks) ? [{ dashes: '', text: 'sends requests, over the network of its colour' }] : []),
    ...(graph.edges.some(({ talks }) => !talks) ? [{ dashes: DASHES, text: 'starts after, and reaches it over that network' }] : []),
  ];
  const bottom = Math.max(TITLE + MARGIN, ...items.map(item => item.y + item.height)) + MARGIN;
  const legendWidth = legend.reduce((width, { text }) => width + textWidth(text, SMALL) + 40, MARGIN);
  const strokesWidth = Math.max(0, ...strokes.map(({ text }) => textWidth(text, SMALL) + 40)) + 2 * MARGIN;
  const right = Math.max(...items.map(item => item.x + item.width), MARGIN + textWidth(graph.name, 16)) + MARGIN;
  const width = Math.ceil(Math.max(legendWidth, strokesWidth, right));
  const height = Math.ceil(bottom + (legend.length > 0 ? 26 : 0) + strokes.length * LINE);
  let at = MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    `  font-family="${FONT}" font-size="${SIZE}">`,
    `  <title>${escaped(graph.name)}</title>`,
    '  <defs><marker id="end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="context-stroke"/></marker></defs>',
    `  <rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `  <text x="${MARGIN}" y="${MARGIN + 4}" font-size="16" font-weight="bold" fill="#1b1f24">${escaped(graph.name)}</text>`,
    ...lines.map(line => lineSvg(line, colour)),
    ...items.filter(item => item.node).map(item => boxSvg(item, colour)),
    ...lines.filter(({ text }) => text.length > 0).map(labelSvg),
    ...legend.map(({ name, text }) => {
      const x = at;
      at += textWidth(text, SMALL) + 40;
      return `  <circle cx="${round(x + 5)}" cy="${bottom + 4}" r="5" fill="${colour(name)}"/><text x="${round(x + 16)}" y="${bottom + 8}" font-size="${SMALL}" fill="#444c56">${escaped(text)}</text>`;
    }),
    ...strokes.map(({ dashes, text }, index) => {
      const y = bottom + 4 + (legend.length > 0 ? 22 : 0) + index * LINE;
      return `  <path d="M${MARGIN} ${y}h28" stroke="#444c56" stroke-width="1.6"${dashes}/><text x="${MARGIN + 36}" y="${y + 4}" font-size="${SMALL}" fill="#444c56">${text}</text>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

function placed({ nodes, edges }: Graph): { items: readonly Item[]; lines: readonly Line[] } {
  const published = nodes.filter(node => node.published.length > 0);
  const boxes = [
    ...(published.length > 0 ? [box({ id: 'outside', networks: [] }, OUTSIDE, 0)] : []),
    ...nodes.map(node => box(node, node.id, node.column)),
  ];
  const byKey = new Map(boxes.map(item => [item.key, item]));
  const passes: Item[] = [];
  const line = (from: Item, to: Item, edge: Line['edge'], text: string[]): Line => {
    const between = Array.from({ length: Math.max(0, to.column - from.column - 1) }, (_, index): Item => (
      { key: `${from.key}>${to.key}`, column: from.column + 1 + index, width: 0, height: PASS, x: 0, y: 0 }));
    passes.push(...between);
    return { edge, text, way: [from, ...between, to] };
  };
  const lines = [
    ...published.map(node => line(byKey.get(OUTSIDE)!, byKey.get(node.id)!, { talks: true, networks: [OUTSIDE] }, [node.published.join(', ')])),
    ...edges.map(edge => line(byKey.get(edge.from)!, byKey.get(edge.to)!, edge, edgeText(edge))),
  ];
  const items = [...boxes, ...passes];
  place(items, lines);
  return { items, lines };
}

/** Words only where they say more than the line: its colour names the network, its dashes that one only waits for the other. */
function edgeText({ talks, label, networks }: GraphEdge): string[] {
  if (networks.length === 0) return [...(talks && label !== '' ? [label] : []), 'no network in common'];
  return talks && label !== '' ? [label, networks.join(', ')] : [];
}

function box(node: NonNullable<Item['node']>, key: string, column: number): Item {
  const texts = [textWidth(title(node), SIZE), textWidth(node.image ?? '', SMALL), ...node.networks.map(name => textWidth(name, SMALL) + 14)];
  const lines = 1 + (node.image === undefined ? 0 : 1) + node.networks.length;
  return { key, column, node, width: Math.max(70, ...texts) + 2 * PADDING, height: lines * LINE + PADDING, x: 0, y: 0 };
}

/** Columns from left to right, as wide as their boxes, with room for the words between them; in each, what is near its neighbours. */
function place(items: readonly Item[], lines: readonly Line[]): void {
  const numbers = [...new Set(items.map(item => item.column))].sort((a, b) => a - b);
  const columns = numbers.map(number => items.filter(item => item.column === number));
  let x = MARGIN;
  columns.forEach((column, index) => {
    const width = Math.max(...column.map(item => item.width));
    for (const item of column) item.x = x + (width - item.width) / 2;
    const starting = lines.filter(({ way }) => way[0].column === numbers[index]);
    x += width + Math.max(70, ...starting.flatMap(({ text }) => text.map(words => textWidth(words, SMALL) + 46)));
  });
  for (const column of columns) stack(column);
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map(item => [item, middleOfNeighbours(item, lines)]));
      column.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      stack(column);
    }
    centre(columns);
  }
}

function stack(column: readonly Item[]): void {
  let y = MARGIN + TITLE;
  for (const item of column) {
    item.y = y;
    y += item.height + GAP;
  }
}

function centre(columns: readonly (readonly Item[])[]): void {
  const heights = columns.map(column => Math.max(...column.map(item => item.y + item.height)) - (MARGIN + TITLE));
  const most = Math.max(...heights);
  columns.forEach((column, index) => column.forEach(item => { item.y += (most - heights[index]) / 2; }));
}

function middleOfNeighbours(item: Item, lines: readonly Line[]): number {
  const near = lines.flatMap(({ way }) => {
    const at = way.indexOf(item);
    return at < 0 ? [] : [way[at - 1], way[at + 1]].filter(other => other !== undefined);
  });
  const middles = near.map(other => other.y + other.height / 2);
  return middles.length === 0 ? item.y + item.height / 2 : middles.reduce((sum, y) => sum + y, 0) / middles.length;
}

function lineSvg({ edge, way }: Line, colour: (network: string) => string): string {
  const path = points(way).slice(1).reduce((text, [x, y], index) => {
    const [fromX, fromY] = points(way)[index];
    const bend = (x - fromX) / 2;
    return `${text} C${round(fromX + bend)} ${round(fromY)} ${round(x - bend)} ${round(y)} ${round(x)} ${round(y)}`;
  }, `M${points(way)[0].map(round).join(' ')}`);
  const stroke = edge.networks[0] === OUTSIDE ? '#1b1f24' : edge.networks.length === 0 ? NO_NETWORK : colour(edge.networks[0]);
  return `  <path d="${path}" fill="none" stroke="${stroke}" stroke-width="1.6"${edge.talks ? '' : DASHES} marker-end="url(#end)"/>`;
}

/** Where a line goes: from the right side of a box, past the columns between, to the left side of another. */
function points(way: readonly Item[]): [x: number, y: number][] {
  return way.flatMap((item, index): [number, number][] => {
    const y = item.y + item.height / 2;
    if (index === 0) return [[item.x + item.width, y]];
    return index === way.length - 1 ? [[item.x, y]] : [[item.x - PASS, y], [item.x + PASS, y]];
  });
}

/** The words stand in the middle of the first piece of a line. */
function labelSvg({ text, way }: Line): string {
  const [[fromX, fromY], [toX, toY]] = points(way);
  const [x, y] = [(fromX + toX) / 2, (fromY + toY) / 2];
  const width = Math.max(...text.map(part => textWidth(part, SMALL))) + 8;
  const height = text.length * 14 + 4;
  const words = text.map((part, index) => `<text x="${round(x)}" y="${round(y - height / 2 + 13 + index * 14)}" font-size="${SMALL}" text-anchor="middle" fill="#444c56">${escaped(part)}</text>`);
  return `  <rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}" fill="#ffffff"/>${words.join('')}`;
}

function boxSvg({ x, y, width, height, node }: Item, colour: (network: string) => string): string {
  const { image, networks } = node!;
  const outside = image === undefined && networks.length === 0 && node!.id === 'outside';
  const rows = [
    `<text x="${round(x + PADDING)}" y="${round(y + 20)}" font-weight="bold" fill="#1b1f24">${escaped(title(node!))}</text>`,
    ...(image === undefined ? [] : [`<text x="${round(x + PADDING)}" y="${round(y + 20 + LINE)}" font-size="${SMALL}" fill="#444c56">${escaped(image)}</text>`]),
    ...networks.map((name, index) => {
      const row = y + 20 + (index + (image === undefined ? 1 : 2)) * LINE;
      return `<circle cx="${round(x + PADDING + 5)}" cy="${round(row - 4)}" r="4" fill="${colour(name)}"/><text x="${round(x + PADDING + 14)}" y="${round(row)}" font-size="${SMALL}" fill="#444c56">${escaped(name)}</text>`;
    }),
  ];
  const shape = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${outside ? round(height / 2) : 6}"`;
  return `  <rect ${shape} fill="${outside ? '#ffffff' : '#f4f6f8'}" stroke="#57606a"/>${rows.join('')}`;
}

function title({ id, kind }: NonNullable<Item['node']>): string {
  return kind === undefined ? id : `${id} (${kind})`;
}

function textWidth(text: string, size: number): number {
  return text.length * size * CHARACTER;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
