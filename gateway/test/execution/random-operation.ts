import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { hash, type Random } from './random.js';

export interface RandomOperation {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly fallback: string | undefined;
  readonly value: unknown;
}

const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];

/** An operation that is valid for a schema, with all that the language has: it need not make sense. */
export function randomOperation(schema: GraphQLSchema, random: Random): RandomOperation {
  return new Generator(schema, random).operation();
}

class Generator {
  private readonly variables: Variable[] = [];
  /** Names of variables by which something is skipped or included. */
  private readonly conditions: string[] = [];
  private readonly fragments: { readonly name: string; readonly type: string; text: string }[] = [];
  private fieldsLeft: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: Random,
  ) {
    this.fieldsLeft = 5 + random.below(30);
  }

  operation(): RandomOperation {
    const kind = this.random.chance(0.15) ? 'mutation' : 'query';
    const root = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType();
    if (!root) throw new Error(`The schema has no ${kind}`);
    const selection = this.selection(root, 0);
    const definitions = this.variables.map(
      ({ name, type, fallback }) => `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`,
    );
    const head = definitions.length === 0 ? kind : `${kind} Random(${definitions.join(', ')})`;
    const given = this.variables.filter(({ value }) => value !== undefined);
    return {
      source: [`${head} ${selection}`, ...this.usedFragments(selection)].join('\n'),
      variables: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    };
  }

  /** Unused fragments are not valid. */
  private usedFragments(selection: string): string[] {
    const used = new Set<string>();
    const open = [selection];
    for (let text = open.pop(); text !== undefined; text = open.pop()) {
      for (const [, name = ''] of text.matchAll(/\.\.\.(F\d+)/g)) {
        const fragment = this.fragments.find((each) => each.name === name);
        if (fragment === undefined || used.has(name)) continue;
        used.add(name);
        open.push(fragment.text);
      }
    }
    return this.fragments
      .filter(({ name }) => used.has(name))
      .map(({ name, type, text }) => `fragment ${name} on ${type} ${text}`);
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    const wanted = 1 + this.random.below(depth === 0 ? 5 : 4);
    for (let count = 0; count < wanted; count += 1) parts.push(this.part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  private part(type: GraphQLCompositeType, depth: number): string {
    if (depth < 6 && this.random.chance(isAbstractType(type) ? 0.5 : 0.15)) return this.fragment(type, depth);
    if (isUnionType(type) || this.random.chance(0.06)) return this.typename();
    if (depth === 0 && type === this.schema.getQueryType() && this.random.chance(0.03))
      return this.introspection();
    return this.field(type, depth);
  }

  private typename(): string {
    return this.random.pick(['__typename', 'kindOf: __typename', '__typename @include(if: true)']);
  }

  private introspection(): string {
    return this.random.pick([
      '__type(name: "Product") { name fields { name } }',
      'shape: __schema { queryType { name } }',
    ]);
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    const condition = this.random.pick(this.overlapping(type));
    if (this.random.chance(0.4)) return `...${this.named(condition, depth)}${this.directives()}`;
    const on = condition === type && this.random.chance(0.4) ? '' : ` on ${condition.name}`;
    return `...${on}${this.directives()} ${this.selection(condition, depth + 1)}`;
  }

  private named(type: GraphQLCompositeType, depth: number): string {
    const known = this.fragments.filter((each) => each.type === type.name && each.text !== '');
    if (known.length > 0 && this.random.chance(0.5)) return this.random.pick(known).name;
    const fragment = { name: `F${this.fragments.length}`, type: type.name, text: '' };
    this.fragments.push(fragment);
    fragment.text = this.selection(type, depth + 1);
    return fragment.name;
  }

  /** Apollo's planner finds no plan for a union's fragment on an interface whose objects a service does not tell apart. */
  private overlapping(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const isOfInterface = possible.some((each) => each.getInterfaces().some(({ name }) => name === 'Media'));
    const abstract = Object.values(this.schema.getTypeMap())
      .filter(isAbstractType)
      .filter((each) => possible.some((one) => this.schema.isSubType(each, one)))
      .filter((each) => !isUnionType(each) || each === type || !isOfInterface);
    return [...possible, ...abstract];
  }

  private field(type: GraphQLCompositeType, depth: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    // One service tells the kinds of media apart, another does not: it fails for all where it is asked about some.
    const fields = Object.values(type.getFields()).filter(
      ({ name }) => name !== 'reviews' || !['Book', 'Movie'].includes(type.name),
    );
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    this.fieldsLeft -= 1;
    const onlyLeaves = (depth >= 7 || this.fieldsLeft < 0) && leaves.length > 0;
    const field = this.random.pick(onlyLeaves ? leaves : fields);
    const below = getNamedType(field.type);
    const args = this.args(field);
    const alias = this.alias(type, field, args);
    const selection = isLeafType(below)
      ? ''
      : ` ${depth > 9 ? '{ __typename }' : this.selection(below as GraphQLCompositeType, depth + 1)}`;
    return `${alias}${field.name}${args}${this.directives()}${selection}`;
  }

  /** The same key always means the same field with the same arguments, whatever the type, so that they may meet. */
  private alias(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, args: string): string {
    if (args !== '' || type === this.schema.getMutationType()) {
      return `a${(hash(`${field.name}${args}`) % 100_000).toString(36)}_${field.name}: `;
    }
    if (this.random.chance(0.85)) return '';
    if (field.name === 'id') return this.random.pick(['__proto__: ', 'key: ']);
    if (field.name === 'name') return 'constructor: ';
    if (field.name === 'reviews') return 'toString: ';
    return `other_${field.name}: `;
  }

  private args(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((arg) => isNonNullType(arg.type) || this.random.chance(0.35));
    if (given.length === 0) return '';
    return `(${given.map((arg) => `${arg.name}: ${this.argument(arg)}`).join(', ')})`;
  }

  private argument(arg: GraphQLArgument): string {
    const type = getNamedType(arg.type);
    const required = isNonNullType(arg.type);
    const literal = this.literal(arg, type.name);
    if (this.random.chance(0.5)) return literal;
    const value: unknown = isEnumType(type) ? literal : JSON.parse(literal);
    if (required) return this.variable(arg.type.toString(), undefined, value);
    const fallback = this.random.chance(0.5) ? literal : undefined;
    const left = this.random.chance(0.3);
    return this.variable(arg.type.toString(), fallback, left ? undefined : value);
  }

  private literal(arg: GraphQLArgument, typeName: string): string {
    const type = this.schema.getType(typeName);
    if (isEnumType(type)) return this.random.pick(type.getValues()).name;
    switch (typeName) {
      case 'Int':
        return String(this.random.below(4));
      case 'Float':
        return String(this.random.below(40) / 8);
      case 'Boolean':
        return String(this.random.chance(0.5));
      case 'ID':
        return JSON.stringify(this.random.pick(ids));
      default:
        return JSON.stringify(`${arg.name} "quoted"`);
    }
  }

  private variable(type: string, fallback: string | undefined, value: unknown): string {
    const name = this.newVariableName();
    this.variables.push({ name, type, fallback, value });
    return `$${name}`;
  }

  /** The first ones are names that fetches have for variables of their own. */
  private newVariableName(): string {
    const { length } = this.variables;
    return ['representations', 'part0_representations', 'representations__renamed'][length] ?? `v${length}`;
  }

  private directives(): string {
    if (!this.random.chance(0.12)) return '';
    const directive = () => `@${this.random.pick(['skip', 'include'])}(if: ${this.condition()})`;
    if (this.random.chance(0.8)) return ` ${directive()}`;
    return ` @skip(if: ${this.condition()}) @include(if: ${this.condition()})`;
  }

  private condition(): string {
    if (this.random.chance(0.3)) return String(this.random.chance(0.5));
    const known = this.conditions;
    if (known.length > 2 || (known.length > 0 && this.random.chance(0.5)))
      return `$${this.random.pick(known)}`;
    const name = this.newVariableName();
    known.push(name);
    const withDefault = this.random.chance(0.4);
    this.variables.push({
      name,
      type: withDefault ? 'Boolean' : 'Boolean!',
      fallback: withDefault ? String(this.random.chance(0.5)) : undefined,
      value: withDefault && this.random.chance(0.5) ? undefined : this.random.chance(0.5),
    });
    return `$${name}`;
  }
}
