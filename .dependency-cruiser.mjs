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
    only(
      'execa-in-prisma-and-backup',
      '^src/(prisma|backup)/',
      npm('execa'),
      'The Prisma CLI and pg_dump are the only programs that are run.',
    ),
    only('listr2-in-progress', '^src/progress/', npm('listr2'), 'The steps do not know how they are shown.'),
    only('dotenv-in-config', '^src/config/', npm('dotenv'), 'Settings are read and judged once.'),
    {
      name: 'catalog-is-passed-in',
      comment:
        'What is migrated is a value that program.ts passes in: the engine knows no collection and no field. What currencies are called is no knowledge of NextCRM.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(catalog/|releases/subjects/|program\\.ts$)' },
      to: { path: '^src/catalog/', pathNot: '^src/catalog/(index|spec|currency-names)\\.ts$' },
    },
    {
      name: 'releases-are-passed-in',
      comment: 'What later releases do is a part of that value, and so is what the migrations create.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(catalog/nextcrm\\.ts$|releases/(index\\.ts$|subjects/))' },
      to: { path: ['^src/releases/(index|seed)\\.ts$', '^src/releases/subjects/', '^prisma/catalog\\.json$'] },
    },
    {
      name: 'target-knows-no-application',
      comment: 'How rows reach PostgreSQL has nothing to do with whose rows they are.',
      severity: 'error',
      from: { path: '^src/target/' },
      to: { path: '^src/(catalog|releases)/', reachable: true },
    },
    {
      name: 'validate-proves-independently',
      comment: 'A check that shares code with the load repeats its mistakes.',
      severity: 'error',
      from: { path: '^src/validate/' },
      // Over other folders too: what a helper imports is shared as well.
      to: { path: '^src/(convert|bson)/', reachable: true },
    },
    {
      name: 'count-of-a-dump-is-apart',
      comment: 'A reader that ends early is found only by a count that shares nothing with it.',
      severity: 'error',
      from: { path: '^src/validate/counts/dump-file\\.ts$' },
      to: { path: '^src/source/', reachable: true },
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
      name: 'findings-lie-below-all',
      comment: 'Validation, state and report share these types; they must not pull each other in.',
      severity: 'error',
      from: { path: '^src/findings/' },
      to: { path: '^src/', pathNot: ['^src/findings/', '^src/(failure|schema-name)\\.ts$'] },
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
