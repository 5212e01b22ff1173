import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** What has to be known of types while data are put together. */
export interface TypeRelations {
  /** True for the name of a type whose objects say it in `__typename`, rather than of an interface. */
  isObject(typename: string): boolean;
  /** True when an object that says it is a `typename` meets a condition on a type. */
  meets(typename: string, condition: string): boolean;
}

/** @param schema with the types that clients do not see, which plans may use all the same */
export function typeRelations(schema: GraphQLSchema): TypeRelations {
  return {
    isObject: (typename) => isObjectType(schema.getType(typename)),
    meets: (typename, condition) => {
      if (typename === condition) return true;
      const type = schema.getType(typename);
      const conditionType = schema.getType(condition);
      if (!isAbstractType(conditionType) || !(isObjectType(type) || isInterfaceType(type))) return false;
      return schema.isSubType(conditionType, type);
    },
  };
}
