/** What people can declare, from the assembly that jsii writes: `.jsii`, which `npx projen compile` makes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publicMembers } from './public-members';

/** Types of the assembly that a property can have. */
interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: TypeReference };
  readonly union?: { readonly types: TypeReference[] };
}

interface AssemblyType {
  readonly name: string;
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: string[];
  readonly properties?: { readonly name: string; readonly static?: boolean; readonly type: TypeReference }[];
  readonly methods?: { readonly name: string; readonly static?: boolean; readonly returns?: { readonly type: TypeReference } }[];
  readonly members?: { readonly name: string }[];
}

/** A property of a struct. */
export interface Field {
  readonly name: string;
  /** `WorkloadProps.command`: the struct that declares it, and its name. */
  readonly id: string;
  /** What it may be, where that is one of several that are known by name: `Restart.NEVER`, `HealthCheck.http`. */
  readonly choices: string[];
}

const FILE = '.jsii';
/** Classes of which one sentinel is enough, by the reason. */
export const ONE_IS_ENOUGH: Record<string, string> = {
  Application: 'one is declared, and found by Application.of',
  BaseImage: 'which image it is only FROM says: test/catalogue.test.ts has them all',
};
if (!existsSync(FILE)) throw new Error(`there is no ${FILE}; run npx projen compile`);
const TYPES: Record<string, AssemblyType> = JSON.parse(readFileSync(FILE, 'utf8')).types;
const BY_NAME = new Map(Object.values(TYPES).map(type => [type.name, type]));

/** Names of all structs. */
export function structs(): string[] {
  return Object.values(TYPES).filter(({ datatype }) => datatype).map(({ name }) => name).sort();
}

/** Properties of a struct, those of the structs that it extends first. */
export function fields(struct: string): Field[] {
  const type = BY_NAME.get(struct);
  if (!type) return [];
  const inherited = (type.interfaces ?? []).flatMap(fqn => fields(TYPES[fqn].name));
  return [...inherited, ...(type.properties ?? []).map(property => ({ name: property.name, id: `${struct}.${property.name}`, choices: choices(property.type) }))];
}

/** A struct and those that it extends. */
export function lineage(struct: string): string[] {
  return [struct, ...(BY_NAME.get(struct)?.interfaces ?? []).flatMap(fqn => lineage(TYPES[fqn].name))];
}

/** Enums, and classes whose static members make one of the class. */
export function choiceTypes(): string[] {
  return Object.values(TYPES).filter(({ fqn, name }) => choices({ fqn }).length > 0 || name in ONE_IS_ENOUGH).map(({ name }) => name).sort();
}

/** Names of what there is of such a type. */
export function choicesOf(type: string): string[] {
  return choices({ fqn: BY_NAME.get(type)?.fqn });
}

/** Members of enums, and the static members of classes that make one of the class. */
function choices({ fqn, collection, union }: TypeReference): string[] {
  if (collection) return choices(collection.elementtype);
  if (union) return union.types.flatMap(choices);
  const type = fqn === undefined ? undefined : TYPES[fqn];
  if (type?.kind === 'enum') return type.members!.map(({ name }) => `${type.name}.${name}`);
  if (type?.kind !== 'class' || type.name in ONE_IS_ENOUGH) return [];
  const made = [...(type.methods ?? []).map(method => ({ ...method, type: method.returns?.type })), ...type.properties ?? []];
  return made.filter(member => member.static && member.type?.fqn === type.fqn).map(({ name }) => `${type.name}.${name}`);
}

/** What is in the sources and not in the assembly, or the other way round; a line for each. */
export function staleness(): string[] {
  const indexes = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(path => basename(path) === 'index.ts').map(path => readFileSync(join('lib', path), 'utf8'));
  const exported = new Set([...indexes.join('\n').matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\b[A-Z]\w*/g) ?? []));
  const known = (members: Iterable<string>) => [...members].filter(member => exported.has(member.split('.')[0]) && !/\.(_|constructor$)/.test(member));
  const inAssembly = new Set([...BY_NAME.values()].flatMap(type => allMembers(type).map(member => `${type.name}.${member}`)));
  const inSources = publicMembers();
  const stale = (line: string) => `${line}; run npx projen compile`;
  return [
    ...[...exported].filter(name => !BY_NAME.has(name)).map(name => stale(`${name} is exported, and ${FILE} does not have it`)),
    ...known(inSources).filter(member => !inAssembly.has(member)).map(member => stale(`${FILE} does not have ${member}`)),
    ...[...inAssembly].filter(member => isDataMember(member) && !inSources.has(member)).map(member => stale(`${FILE} has ${member}, and lib/ does not`)),
  ];
}

function isDataMember(member: string): boolean {
  const type = BY_NAME.get(member.split('.')[0])!;
  return type.datatype === true || type.kind === 'enum';
}

function allMembers(type: AssemblyType): string[] {
  const parents = [...type.interfaces ?? [], type.base ?? []].flat().flatMap(fqn => TYPES[fqn] ? allMembers(TYPES[fqn]) : []);
  return [...parents, ...[...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []].map(({ name }) => name)];
}
