import type { Graph } from './graph-model';

/**
 * An application as a Mermaid flowchart: solid lines are requests, dotted ones only start order.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidGraph({ name, nodes, edges }: Graph): string {
  const ids = new Map(nodes.map((node, index) => [node.id, `s${index + 1}`]));
  const published = nodes.filter(node => node.published.length > 0);
  return [
    'flowchart LR',
    ...(published.length > 0 ? ['  outside((outside))'] : []),
    `  subgraph application["${label(name)}"]`,
    ...nodes.map(({ id, kind, image, networks }) => {
      const lines = [kind === undefined ? id : `${id} (${kind})`, ...(image === undefined ? [] : [image]), ...(networks.length === 0 ? [] : [`on ${networks.join(', ')}`])];
      return `    ${ids.get(id)}["${lines.map(label).join('<br>')}"]`;
    }),
    '  end',
    ...published.map(node => `  outside -- "${label(node.published.join(', '))}" --> ${ids.get(node.id)}`),
    ...edges.map(({ from, to, talks, label: text, networks }) => {
      const lines = [text, networks.length === 0 ? 'no network in common' : `over ${networks.join(', ')}`].filter(line => line !== '');
      const words = lines.map(label).join('<br>');
      return `  ${ids.get(from)} ${talks ? `-- "${words}" -->` : `-. "${words}" .->`} ${ids.get(to)}`;
    }),
    '',
  ].join('\n');
}

/** A quoted label ends at a quote; `#` starts a character's name, and `<` a tag. */
function label(text: string): string {
  return text.replace(/["#<>&]/g, character => `#${character.charCodeAt(0)};`);
}
