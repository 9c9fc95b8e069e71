import type * as cdktn from 'cdktn';
import type { Construct } from 'constructs';
import { must } from '../../primitives/faults';
import { compact } from '../../primitives/stable';

/** Arguments of a block, with the provider's own names. A list of records is blocks of that name; a record is a map. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a resource has besides the arguments of its type, each with cdktn's name for it. */
export type MetaArguments = Pick<cdktn.TerraformMetaArguments, 'dependsOn' | 'count' | 'lifecycle' | 'provisioners'>;

/** A variable of the stack. */
export interface VariableSettings {
  readonly description: string;
  /** Absent when whoever applies has to say. */
  readonly default?: string;
  /** How a user gives its value in another way, such as `environment: { LOG_LEVEL: … }`. */
  readonly givenBy: string;
}

/**
 * A resource of any provider. `getStringAttribute('id')` of what is answered is a reference, across stacks too; it goes on as every resource of the
 * host does: `addOverride`, `lifecycle`, `dependsOn`.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#resource-blocks
 */
export function resource(scope: Construct, id: string, type: string, attributes: Attributes, meta: MetaArguments = {}): cdktn.TerraformResource {
  return new (classes().GenericResource)(scope, id, { terraformResourceType: type, ...meta }, compact(attributes));
}

/** What `depends_on` and the command line call a resource, which is no expression. */
export function addressOf({ terraformResourceType, friendlyUniqueId }: cdktn.TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}

/** A data source of any provider, likewise. */
export function data(scope: Construct, id: string, type: string, attributes: Attributes, meta: MetaArguments = {}): cdktn.TerraformDataSource {
  return new (classes().GenericDataSource)(scope, id, { terraformResourceType: type, ...meta }, compact(attributes));
}

/** What differs by environment: its name is its id, as people set it with `-var`. `stringValue` of what is answered is a reference. */
export function variable(scope: Construct, id: string, { givenBy, ...settings }: VariableSettings): cdktn.TerraformVariable {
  const another = stackOf(scope).node.findAll().find(construct => construct.node.id === id && 'stringValue' in construct);
  must(!another, 'VARIABLE_TWICE', `the stack has a variable '${id}' already; say what this one is: ${givenBy}`, scope);
  const made = new (library().TerraformVariable)(scope, id, { type: 'string', ...settings });
  made.overrideLogicalId(id);
  return made;
}

/** What people ask for afterwards: its name is its id. */
export function output(scope: Construct, id: string, description: string, value: unknown): cdktn.TerraformOutput {
  const made = new (library().TerraformOutput)(scope, id, { description, value });
  made.overrideLogicalId(id);
  return made;
}

/**
 * A value under a name, for expressions: functions of cdktn are known to its own stacks only. Answers with how it is called there, `local.subnets`.
 *
 * @see https://developer.hashicorp.com/terraform/language/values/locals
 */
export function local(scope: Construct, id: string, value: unknown): string {
  return `local.${new (library().TerraformLocal)(scope, id, value).friendlyUniqueId}`;
}

/** Says where a provider comes from, unless the stack has one that says so itself. */
export function requiredProvider(scope: Construct, name: string, source: string, version: string): void {
  new (classes().RequiredProvider)(scope, `provider-${name}`, name, { source, version });
}

/**
 * A text in which Terraform reads no template. Values of the host keep what they stand for.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export function literal(text: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, '$$$${').replace(/%\{/g, '%%{');
}

/** The stack that a construct is in: one of cdktn, or one of cdktf, which has the same marks. */
export function stackOf(construct: Construct): cdktn.TerraformStack {
  const { TerraformStack } = library();
  const stack = [...construct.node.scopes].reverse().find(scope => TerraformStack.isStack(scope));
  must(stack, 'STACK_MISSING', "it is not in a TerraformStack; declare it in one: new TerraformStack(app, 'shop')", construct);
  return stack as cdktn.TerraformStack;
}

let loaded: typeof cdktn | undefined;

/** Loaded when the first stack asks for it: others do without. What it makes is synthesized by an App of cdktf, too. */
export function library(): typeof cdktn {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return loaded ??= require('cdktn') as typeof cdktn;
}

/** Made when the first stack asks for them: they extend what is loaded then. */
let made: ReturnType<typeof declareClasses> | undefined;

function classes(): ReturnType<typeof declareClasses> {
  return made ??= declareClasses(library());
}

function declareClasses({ TerraformDataSource, TerraformElement, TerraformProvider, TerraformResource, TerraformStack }: typeof cdktn) {
  class GenericResource extends TerraformResource {
    constructor(scope: Construct, id: string, config: cdktn.TerraformResourceConfig, private readonly attributes: Attributes) {
      super(scope, id, config);
    }

    protected override synthesizeAttributes(): Record<string, any> {
      return { ...this.attributes };
    }

    protected override synthesizeHclAttributes(): Record<string, any> {
      return hclAttributes(this.attributes);
    }
  }

  class GenericDataSource extends TerraformDataSource {
    constructor(scope: Construct, id: string, config: cdktn.TerraformResourceConfig, private readonly attributes: Attributes) {
      super(scope, id, config);
    }

    protected override synthesizeAttributes(): Record<string, any> {
      return { ...this.attributes };
    }

    protected override synthesizeHclAttributes(): Record<string, any> {
      return hclAttributes(this.attributes);
    }
  }

  class RequiredProvider extends TerraformElement {
    constructor(scope: Construct, id: string, private readonly name: string, private readonly requirement: object) {
      super(scope, id);
    }

    public override toTerraform(): any {
      const declared = TerraformStack.of(this).node.findAll().some(construct => (
        TerraformProvider.isTerraformProvider(construct) && construct.terraformResourceType === this.name
      ));
      return declared ? {} : { terraform: { required_providers: { [this.name]: { ...this.requirement } } } };
    }

    public override toHclTerraform(): any {
      return this.toTerraform();
    }
  }

  return { GenericResource, GenericDataSource, RequiredProvider };
}

/** In HCL a host prints what it is told the type of. */
function hclAttributes(attributes: Attributes): Record<string, object> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, hclAttribute(value)]));
}

function hclAttribute(value: unknown): object {
  if (Array.isArray(value)) {
    const blocks = value.length > 0 && value.every(isRecord);
    return blocks
      ? { value: value.map(hclAttributes), isBlock: true, type: 'list', storageClassType: 'objectList' }
      : { value, isBlock: false, type: 'list', storageClassType: 'stringList' };
  }
  if (isRecord(value)) return { value, isBlock: false, type: 'map', storageClassType: 'stringMap' };
  return { value, isBlock: false, type: 'simple', storageClassType: typeof value };
}

function isRecord(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && value.constructor === Object;
}
