/** docs/fields.md: what each field becomes, for people. */
import { cellsOf, columns, rowsOf, type Row } from './fields-answers';
import { TARGETS } from './fields-output';
import { PLACES, type Place } from './fields-places';

/** The whole page. */
export function page(root: string): string {
  return [INTRODUCTION, ...PLACES.map(place => section(root, place))].join('\n').replace(/\n{3,}/g, '\n\n');
}

function section(root: string, place: Place): string {
  const rows = rowsOf(place).rows;
  const line = (row: Row) => ({ label: row.label, cells: cellsOf(root, row) });
  const others = PLACES.find(({ title }) => title === place.like);
  const known = others ? rowsOf(others).rows.map(line) : [];
  const same = (row: ReturnType<typeof line>) => known.some(other => {
    return other.label === row.label && columns(place).every(target => other.cells[target].text === row.cells[target].text);
  });
  const lines = rows.map(line);
  const own = lines.filter(row => !same(row));
  const targets = columns(place).filter(target => own.some(row => row.cells[target].text !== ''));
  const folded = [...new Set(lines.filter(same).map(({ label }) => `\`${label.split(':')[0]}\``))];
  return [
    `\n## ${place.title}\n`,
    ...folded.length > 0 ? [`As of [${place.like}](#${place.like!.toLowerCase().replace(/[^a-z0-9 ]/g, '').replace(/ /g, '-')}): ${folded.join(', ')}.\n`] : [],
    ...own.length === 0 ? [] : [
      `| field | ${targets.map(target => TARGETS[target].title).join(' | ')} |`,
      `|---|${targets.map(() => '---|').join('')}`,
      ...own.map(row => `| ${labelled(row.label)} | ${targets.map(target => row.cells[target].text.replace(/\|/g, '\\|').replace(/ +/g, ' ')).join(' | ')} |`),
    ],
    '',
  ].join('\n');
}

function labelled(label: string): string {
  const [name, ...rest] = label.split(': ');
  return [`\`${name}\``, ...rest.map(text => text.replace(/\b[A-Z]\w+\.\w+/g, '`$&`'))].join(': ');
}

const INTRODUCTION = `# What each field becomes

Each field that can be declared, and where it is in each output; written by \`GOLDEN=write npx jest test/fields.test.ts\`, which declares each one by itself and
looks at what changes. *Reported* is what \`synth\` prints and \`manifest.json\` lists under \`losses\`: the target cannot say it, and this is there instead.
An empty cell: the image has it, and nothing beside it needs to.

Of Kubernetes, \`pod\` is the template of a pod: \`spec.template\` of a Deployment, a StatefulSet or a Job, \`spec.jobTemplate.spec.template\` of a CronJob. Of ECS, and of
Terraform on AWS, \`task\` is the task definition and \`container\` one of its container definitions; other resources of CloudFormation have their type without
\`AWS::\`, of those of ECS the name alone: \`Service\`. \`asset\` is an image in the assets of aws-cdk. \`<id>\` and \`<name>\` are names of yours, \`[]\` is one
of a list. Of a Dockerfile it is the instruction; of a file that the Dockerfile writes, the file.
`;
