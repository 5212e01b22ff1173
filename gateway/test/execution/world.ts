import {
  GraphQLError,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  getNamedType,
  type GraphQLResolveInfo,
  type GraphQLOutputType,
} from 'graphql';
import { hash } from './random.js';

/** What a resolver is given: an object of the world, or what a service knows of one. */
export interface Entity {
  readonly __typename: string;
  readonly id: string;
  readonly [required: string]: unknown;
}

/** What goes wrong, by the field of an object. */
export interface Faults {
  /** Share of fields that are null or fail, from 0 to 1. */
  readonly share: number;
}

const people = ['u1', 'u2', 'u3', 'u4', 'u5'];
const products = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const reviews = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];
const media = ['b1', 'b2', 'b3', 'm1', 'm2'];
const hidden = ['s1'];

/** Objects by the type of the field that answers them. */
const idsOf: Readonly<Record<string, readonly string[]>> = {
  Person: people,
  Product: products,
  Review: reviews,
  Media: media,
  Book: media.slice(0, 3),
  SearchResult: [...people, ...products, 'b1', 'b2', 'b3', ...hidden],
  Named: [...people, 'place1'],
  Place: ['place1', 'place2'],
  Secret: hidden,
};

const typenames: Readonly<Record<string, string>> = {
  u: 'Person',
  p: 'Product',
  r: 'Review',
  b: 'Book',
  m: 'Movie',
  s: 'Secret',
};

export function entity(id: string): Entity {
  const __typename = id.startsWith('place') ? 'Place' : typenames[id.slice(0, 1)];
  if (__typename === undefined) throw new Error(`Nothing has the id ${id}`);
  return { __typename, id };
}

/** Fields that other fields need, or that several services answer: they never fail. */
const sound = new Set([
  'id',
  'sku',
  'weight',
  'box',
  'width',
  'height',
  'depth',
  '__typename',
  '_entities',
  'clock',
  'tick',
]);

/**
 * The data behind all services: every field is a function of the seed, of the object and of its arguments, so that each
 * service and one schema over all of them answer alike. Mutations count, so that their order shows.
 */
export class World {
  private count = 0;

  constructor(
    private readonly seed: number,
    private readonly faults: Faults,
  ) {}

  resolve(
    source: Entity | undefined,
    args: Readonly<Record<string, unknown>>,
    info: GraphQLResolveInfo,
  ): unknown {
    const { fieldName, returnType } = info;
    const at = source === undefined ? info.parentType.name : source.id;
    if (info.parentType.name === 'Mutation') this.count += 1;
    const type = isNonNullType(returnType) ? returnType.ofType : returnType;
    const fault = this.faultOf(at, fieldName);
    if (fault === 'null') return null;
    if (fault === 'error')
      throw new GraphQLError(`${at}.${fieldName} fails`, { extensions: { code: 'FAULT' } });
    const given = source?.[fieldName];
    if (given !== undefined && isLeafType(getNamedType(type))) return given;
    if (fieldName === 'shipping' || fieldName === 'label') return this.derived(source, fieldName, args);
    if (fieldName.startsWith('count') || fieldName === 'restock' || fieldName === 'rename') {
      return isLeafType(type) ? this.count : entity(String(args['id']));
    }
    if (fieldName === 'product' && typeof args['id'] === 'string')
      return products.includes(args['id']) ? entity(args['id']) : null;
    return this.value(type, `${this.seed}/${at}/${fieldName}/${JSON.stringify(args)}`, at, args);
  }

  /** What a service makes of fields that it requires: of those it was sent where it was sent any. */
  private derived(
    source: Entity | undefined,
    fieldName: string,
    args: Readonly<Record<string, unknown>>,
  ): unknown {
    if (source === undefined) return null;
    const seen = (unit: string) =>
      typeof source['weight'] === 'number' ? source['weight'] : this.weight(source.id, unit);
    if (fieldName === 'label') {
      const sku = typeof source['sku'] === 'string' ? source['sku'] : `sku-${source.id}`;
      return `${sku} ${seen('KG')}`;
    }
    const box = source['box'] as { width: number | null; height: number } | undefined;
    const { width, height } = box ?? {
      width: this.box(source.id, 'width'),
      height: this.box(source.id, 'height'),
    };
    return Math.round(seen('LB') * 100) + Number(width) * 7 + height + (args['express'] === true ? 1000 : 0);
  }

  weight(id: string, unit: string): number {
    return (hash(`${this.seed}/${id}/weight`) % 1000) / (unit === 'LB' ? 50 : 100);
  }

  box(id: string, side: string): number {
    return hash(`${this.seed}/${id}/box/${side}`) % 50;
  }

  private faultOf(at: string, fieldName: string): 'null' | 'error' | undefined {
    if (sound.has(fieldName) || at === 'Mutation') return undefined;
    const number = hash(`fault/${this.seed}/${at}/${fieldName}`) / 4_294_967_296;
    if (number < this.faults.share / 2) return 'null';
    return number < this.faults.share ? 'error' : undefined;
  }

  private value(
    type: GraphQLOutputType,
    seed: string,
    at: string,
    args: Readonly<Record<string, unknown>>,
  ): unknown {
    if (isNonNullType(type)) return this.value(type.ofType, seed, at, args);
    if (isListType(type)) {
      const length = typeof args['first'] === 'number' ? Math.min(args['first'], 6) : hash(`${seed}#`) % 4;
      return Array.from({ length }, (_, index) => {
        const isGap =
          !isNonNullType(type.ofType) && this.faults.share > 0 && hash(`${seed}/${index}?`) % 9 === 0;
        return isGap ? null : this.value(type.ofType, `${seed}/${index}`, at, {});
      });
    }
    const number = hash(seed);
    switch (type.name) {
      case 'Int':
        return number % 1000;
      case 'Float':
        return seed.includes('/weight/')
          ? this.weight(at, seed.includes('LB') ? 'LB' : 'KG')
          : (number % 1000) / 8;
      case 'Boolean':
        return number % 2 === 0;
      case 'ID':
        return `sku-${at}`;
      case 'String':
        return [
          'plain',
          'with "quotes" and \\',
          'ünïcode 💶 \ud800',
          'line\nbreak\u2028',
          'x'.repeat(number % 90),
        ][number % 5];
      case 'JSON':
        return [{ __proto__: null, a: [1, null, { b: 'c' }] }, 'text', 7, false, ['l']][number % 5];
      case 'Kind':
        return ['SMALL', 'LARGE', 'HIDDEN'][number % 3];
      case 'Role':
        return ['USER', 'ADMIN'][number % 2];
      case 'Box':
        return {
          __typename: 'Box',
          id: `box/${at}`,
          width: this.box(at, 'width'),
          height: this.box(at, 'height'),
          depth: this.box(at, 'depth'),
        };
      case 'Clock':
        return { __typename: 'Clock', id: 'clock', tick: 7, zone: 'UTC' };
      case 'Shelf':
        return { __typename: 'Shelf', id: `shelf/${number % 3}` };
      default:
        return this.entityOf(type, number);
    }
  }

  private entityOf(type: GraphQLOutputType, number: number): Entity {
    const ids = idsOf[getNamedType(type).name];
    const id = ids?.[number % ids.length];
    if (id === undefined)
      throw new Error(`The world has no ${isObjectType(type) ? type.name : String(type)}`);
    return entity(id);
  }
}
