// The table "who may import whom", as rules. A service is a folder of subgraphs/ other than kernel.
const service = '^subgraphs/(orders|subscriptions|licenses|partners)/src';
const tests = '\\.test\\.ts$';

/** Files of one layer of a service may reach only what `allowed` names, of their own service or outside. */
function layer(name, path, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path, pathNot: tests },
    to: { pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    layer(
      'kernel-domain-is-pure',
      '^subgraphs/kernel/src/domain/',
      ['^subgraphs/kernel/src/domain/', 'node_modules/temporal-polyfill/', '^crypto$', '^node:crypto$'],
      'Money, calendar, ids and billing know nothing of graphql, databases, clocks or randomness.',
    ),
    layer(
      'domain-is-pure',
      `${service}/domain/`,
      ['^subgraphs/$1/src/domain/', '^subgraphs/kernel/src/domain/'],
      'A domain imports its own domain and the kernel’s domain alone.',
    ),
    layer(
      'service-knows-its-ports',
      `${service}/service/`,
      ['^subgraphs/$1/src/(domain|service)/', '^subgraphs/kernel/src/domain/', '^schema/events/'],
      'A use case imports its domain, its own ports and the events that it promises.',
    ),
    layer(
      'persistence-implements-ports',
      `${service}/persistence/`,
      [
        '^subgraphs/$1/src/(domain|service|persistence|catalog)/',
        '^subgraphs/kernel/src/(domain|server)/',
        '^schema/events/',
        'node_modules/(typeorm|sql-template-tag|pg|@types/pg)/',
      ],
      'Persistence imports the domain, the service’s ports, typeorm and kernel/server.',
    ),
    layer(
      'graphql-and-events-call-services',
      `${service}/(graphql|events)/`,
      [
        '^subgraphs/$1/src/(domain|service|graphql|events)/',
        '^subgraphs/kernel/src/domain/',
        '^subgraphs/kernel/src/server/(messaging/inbox|messaging/inbox-together|pagination|connection|input-error|id-argument|graphql/errors|batch|freshness)\\.ts$',
        '^schema/events/',
        'node_modules/graphql/',
      ],
      'Resolvers and event handlers unpack, make one call and repack.',
    ),
    layer(
      'documents-are-drawn-from-facts',
      `${service}/documents/`,
      [
        '^subgraphs/$1/src/(domain|service|documents)/',
        '^subgraphs/kernel/src/domain/',
        'node_modules/(pdfkit|@types/pdfkit|fontkit|@types/fontkit)/',
        '^(node:)?(fs|module|stream/consumers|timers/promises)$',
      ],
      'A document is drawn from domain facts with a drawing library: no database, no graph.',
    ),
    layer(
      'pages-call-services',
      `${service}/pages/`,
      [
        '^subgraphs/$1/src/(domain|service|pages)/',
        '^subgraphs/kernel/src/domain/',
        '^subgraphs/kernel/src/server/pages\\.ts$',
      ],
      'A page for browsers unpacks, makes one call and shows what came of it.',
    ),
    layer(
      'keys-stay-in-their-ring',
      `${service}/keys/`,
      [
        '^subgraphs/$1/src/(domain|service|keys)/',
        '^subgraphs/$1/license-file/src/',
        'node_modules/jose/',
        '^(node:)?(crypto|fs/promises|path)$',
      ],
      'A key ring makes keys and signs with them: no database, no graph.',
    ),
    {
      name: 'services-are-strangers',
      comment: 'A subgraph never imports another: ids and @key stubs cross, code does not.',
      severity: 'error',
      from: { path: '^subgraphs/(orders|subscriptions|licenses|partners)/' },
      to: { path: '^subgraphs/(orders|subscriptions|licenses|partners)/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'kernel-knows-no-service',
      comment: 'What all four do alike does not know which four.',
      severity: 'error',
      from: { path: '^subgraphs/kernel/' },
      to: { path: '^(subgraphs/(orders|subscriptions|licenses|partners)|gateway|docker)/' },
    },
    {
      name: 'gateway-knows-schemas-alone',
      comment: 'The gateway imports schema/ and its own code, never a subgraph’s.',
      severity: 'error',
      from: { path: '^gateway/', pathNot: tests },
      to: { path: '^(subgraphs|docker|test)/' },
    },
    {
      name: 'planning-knows-plans-alone',
      comment: 'What a plan is depends on no service, audience or other concern of the gateway.',
      severity: 'error',
      from: { path: '^gateway/src/planning/', pathNot: tests },
      to: { path: '^(schema|telemetry|gateway)/', pathNot: '^gateway/src/planning/' },
    },
    {
      name: 'execution-knows-plans-alone',
      comment:
        'Plans are carried out in one way for any services and audiences: the rest of the gateway comes in by its ports.',
      severity: 'error',
      from: { path: '^gateway/src/execution/', pathNot: tests },
      to: {
        path: '^(schema|gateway)/',
        pathNot: '^gateway/src/(execution/|planning/|errors\\.ts$)',
      },
    },
    {
      name: 'schema-knows-nobody',
      comment: 'Contracts do not depend on those who keep them.',
      severity: 'error',
      from: { path: '^schema/', pathNot: [tests, '__generated__'] },
      to: { path: '^(subgraphs|gateway|docker|test)/' },
    },
    {
      name: 'telemetry-knows-nobody',
      comment: 'Traces and metrics do not depend on those who are told of.',
      severity: 'error',
      from: { path: '^telemetry/', pathNot: tests },
      to: { path: '^(schema|subgraphs|gateway|docker|test)/' },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'test/ is imported by tests alone.',
      severity: 'error',
      from: { path: '^(schema|telemetry|gateway|subgraphs|docker)/', pathNot: tests },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What the benchmark compares with is installed by the benchmark alone.
    exclude: { path: '(^|/)(dist|coverage)/|^test/load/gateway/peers/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
