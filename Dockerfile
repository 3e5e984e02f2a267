# One run moves a NextCRM from MongoDB to PostgreSQL; see docker-compose.migrate.yml.
# Plain instructions only: it builds with BuildKit and without, and with older engines.
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS application
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --loglevel=error
COPY prisma ./prisma
COPY prisma.config.ts ./
COPY src ./src
COPY scripts/bundle ./scripts/bundle
RUN node src/prisma/generate.ts && node scripts/bundle/main.ts
# What the bundle contains is taken out of node_modules, and what is for development. There remain the Prisma CLI, a program of its own, and
# the schema engine, whose WebAssembly is a file. Of the sources there remain a file of SQL, and two names by which the program is called.
RUN npm uninstall --no-save --omit=dev --loglevel=error $(node -p "Object.keys(require('./package.json').dependencies) \
      .filter((name) => name !== 'prisma' && name !== '@prisma/schema-engine-wasm').join(' ')") \
 && find src -type f ! -name schema.sql -delete && find src -type d -empty -delete \
 && mkdir src/prisma && ln -s ../build/main.js src/main.ts && ln -s ../../build/prisma/schema-engine.js src/prisma/schema-engine.ts
# What never runs here: source maps, type declarations, the TypeScript compiler, the query compilers for other databases.
RUN find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && find node_modules/prisma/build -type f -name 'query_compiler_*' ! -name '*.postgresql.*' -delete \
 && rm -rf node_modules/typescript node_modules/.bin/tsc node_modules/.bin/tsserver node_modules/@types
# Neither do Prisma Studio (with React and its charts) and `prisma dev` (with a PostgreSQL as WebAssembly), half of what npm installs: the CLI
# loads a few of their files at its start, and the rest never in a migration. Nor sources beside what was built of them.
RUN cd node_modules \
 && rm -rf @prisma/studio-core/dist/ui @prisma/studio-core/dist/metafile-* prisma/build/studio.* \
      react react-dom elkjs @visx lodash \
      @prisma/dev/dist/runtime-assets @electric-sql @prisma/query-plan-executor @prisma/streams-local mysql2 \
      effect/src effect/dist/esm ajv/lib
# Which packages are inside, and under which licences.
COPY scripts/image ./scripts/image
RUN npm sbom --package-lock-only --sbom-format=cyclonedx > sbom.cdx.json && node scripts/image/inventory.ts && rm -r scripts
COPY LICENSE entrypoint.sh ./
# What Node makes of the JavaScript, kept: a fifth of the time of a start. Node keeps it apart for each user, and readable
# for that user alone.
ENV NODE_COMPILE_CACHE=/app/.compile-cache
RUN mkdir .compile-cache && chown 1000:1000 .compile-cache
USER 1000:1000
RUN build/main.js --version \
 && CHECKPOINT_DISABLE=1 PRISMA_SCHEMA_ENGINE_BINARY=/app/build/prisma/schema-engine.js \
    node --liftoff-only node_modules/prisma/build/index.js validate \
 && chmod -R a+rX .compile-cache

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
# A new named volume takes the owner of this folder over.
RUN mkdir /data && chown node:node /data
COPY --from=application --chown=0:0 /app /app
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache MIGRATION_DIR=/data HOME=/tmp
WORKDIR /app
# By number: Kubernetes must see that it is not root.
USER 1000:1000
ENTRYPOINT ["/app/entrypoint.sh"]
# Last, so that another revision of the same files is another label alone.
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="nextcrm-migrate" \
      org.opencontainers.image.description="Migrates a self-hosted NextCRM from MongoDB to PostgreSQL, resumable and validated." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE}"
