/** Which folder may import which. Run by scripts/test; each rule says why it stands. */
const only = (name, room, module, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: room },
  to: { path: module },
});

/** A package, however the resolver names it. */
const npm = (name) => `(^|/)node_modules/${name}/`;

export default {
  forbidden: [
    { name: 'no-cycles', comment: 'A cycle hides the order of things.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-main',
      comment: 'main.ts runs the program when it is loaded.',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'program-knows-no-tests',
      comment: 'The image holds src and prisma alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    only('postgres-in-target', '^src/target/', npm('postgres'), 'COPY and its traps are handled in one place.'),
    only('mongodb-in-source', '^src/source/', npm('mongodb'), 'The rest of the program does not know where documents come from.'),
    only('execa-in-prisma', '^src/prisma/', npm('execa'), 'The Prisma CLI is the only program that is run.'),
    only('listr2-in-progress', '^src/progress/', npm('listr2'), 'The steps do not know how they are shown.'),
    only('dotenv-in-config', '^src/config/', npm('dotenv'), 'Settings are read and judged once.'),
    {
      name: 'validate-proves-independently',
      comment: 'A check that shares code with the load repeats its mistakes.',
      severity: 'error',
      from: { path: '^src/validate/' },
      to: { path: '^src/(convert|bson)/' },
    },
    {
      name: 'convert-is-pure',
      comment: 'Bytes and a spec in, bytes out: no input or output, so that every case can be tested in memory.',
      severity: 'error',
      from: { path: '^src/convert/' },
      to: {
        pathNot: ['^src/(convert|catalog|bson)/', '^src/failure\\.ts$', npm('bson'), '^(node:)?(crypto|buffer)$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-declared',
      comment: 'What is not in package.json may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', comment: 'An import of nothing.', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/prisma/client/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
