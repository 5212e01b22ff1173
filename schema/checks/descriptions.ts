import { Kind, type StringValueNode, type TypeDefinitionNode } from 'graphql';
import type { Problem } from './problem.js';
import { inputValues, readServices, type ServiceModel } from './service-model.js';

type Described = readonly [coordinate: string, node: { readonly description?: StringValueNode }];

/** Every type, field, argument, input field and enum value says what it is. */
export function checkDescriptions(subgraphs: Readonly<Record<string, string>>): Problem[] {
  return readServices(subgraphs).flatMap((service) =>
    describable(service)
      .filter(([, { description }]) => !description?.value.trim())
      .map(([coordinate]) => ({ at: `${service.name}: ${coordinate}`, message: 'it has no description' })),
  );
}

function describable(service: ServiceModel): Described[] {
  const fields = service.composites.flatMap((node) =>
    (node.fields ?? []).map((field): Described => [`${node.name.value}.${field.name.value}`, field]),
  );
  return [...service.types.flatMap(typeAndValues), ...fields, ...inputValues(service)];
}

function typeAndValues(node: TypeDefinitionNode): Described[] {
  const values = node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : [];
  return [
    [node.name.value, node],
    ...values.map((value): Described => [`${node.name.value}.${value.name.value}`, value]),
  ];
}
