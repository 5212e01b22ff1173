import { Kind } from 'graphql';
import { namedType } from '../audience/model.js';
import type { Problem } from './problem.js';
import { inputValues, readServices, type ServiceModel } from './service-model.js';

/**
 * An enum that a client sends has the same values in every service that declares it. (One that only comes out may
 * grow in one service first.)
 */
export function checkEnums(subgraphs: Readonly<Record<string, string>>): Problem[] {
  const services = readServices(subgraphs);
  const sent = new Set(
    services.flatMap((service) => inputValues(service).map(([, { type }]) => namedType(type))),
  );
  const problems: Problem[] = [];
  for (const name of [...sent].sort()) {
    const declarations = services.flatMap((service) => declarationOf(service, name));
    const all = new Set(declarations.flatMap(({ values }) => values));
    for (const { service, values } of declarations) {
      const missing = [...all].filter((value) => !values.includes(value));
      if (missing.length > 0) {
        problems.push({
          at: `${service}: ${name}`,
          message: `it lacks ${missing.join(', ')}, which another service has: an enum that is sent must be equal everywhere`,
        });
      }
    }
  }
  return problems;
}

function declarationOf(service: ServiceModel, name: string): { service: string; values: string[] }[] {
  return service.types.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === name
      ? [{ service: service.name, values: (node.values ?? []).map((value) => value.name.value) }]
      : [],
  );
}
