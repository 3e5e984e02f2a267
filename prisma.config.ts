/** Where the Prisma CLI finds its schema and migrations; the target's URL comes from the environment of whoever starts it. */
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // biome-ignore lint/style/noProcessEnv: the Prisma CLI reads this file, not the program.
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
});
