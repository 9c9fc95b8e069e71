/** What two templates say, resource by resource and property by property, whatever their resources are called. */

/** A template of CloudFormation. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly [attribute: string]: unknown;
}

/** How often each thing is said, such as `AWS::ECS::Service DesiredCount: 1`. */
export type Inventory = ReadonlyMap<string, number>;

/** Something that two templates do not say equally often. */
export interface Difference {
  readonly said: string;
  readonly ours: number;
  readonly theirs: number;
}

/** Resources by type. */
export function types({ Resources }: Template): Inventory {
  return counted(Object.values(Resources).map(({ Type }) => Type));
}

/** What aws-cdk makes of the paths of constructs. */
const OF_PATHS = /^(AWS::IAM::Policy PolicyName|AWS::ApplicationAutoScaling::ScalingPolicy PolicyName|AWS::EC2::SecurityGroup (?:GroupDescription|Tags\.Value)|AWS::EFS::\w+ \w+Tags\.Value): .*$/;
/** Hashes of what images are built from: two Dockerfiles have two. */
const OF_CONTEXT = /(container-assets-.*|\/shop\/\w+-image):[0-9a-f]{12,64}$/;

/** Every value of every property, update policies, deletion policies and dependencies among them; metadata is for people. */
export function inventory(template: Template): Inventory {
  return counted(Object.values(template.Resources).flatMap(({ Type, Metadata: _, DependsOn = [], ...rest }) => [
    Type,
    ...[DependsOn].flat().map(id => `${Type} DependsOn: ${typeOf(id, template)}`),
    ...leaves(rest, template).map(leaf => `${Type} ${leaf}`.replace(OF_PATHS, '$1').replace(OF_CONTEXT, '$1')),
  ]));
}

/** Entries that differ, sorted. */
export function differences(ours: Inventory, theirs: Inventory): Difference[] {
  const all = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return all.map(said => ({ said, ours: ours.get(said) ?? 0, theirs: theirs.get(said) ?? 0 })).filter(one => one.ours !== one.theirs);
}

/** `<path>: <value>` of all values, the numbers of lists left out; a reference is to the type of what it names. */
function leaves(value: unknown, template: Template, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path.replace(/^Properties\./, '')}: ${value}`];
  const { Ref, 'Fn::GetAtt': got } = value as { readonly 'Ref'?: string; readonly 'Fn::GetAtt'?: readonly string[] };
  if (Ref !== undefined) return leaves(`Ref ${typeOf(Ref, template)}`, template, path);
  if (got !== undefined) return leaves(`${got[1]} of ${typeOf(got[0], template)}`, template, path);
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, template, Array.isArray(value) ? path : `${path}${path && '.'}${key}`));
}

function typeOf(id: string, { Resources }: Template): string {
  return Resources[id]?.Type ?? id;
}

function counted(names: readonly string[]): Inventory {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return numbers;
}
