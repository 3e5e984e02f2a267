/**
 * Where and how the program connects is said by the two URLs alone. Drivers and libraries read variables of their own, some when they are
 * loaded, and change the server, the session or what is printed by them: so they are removed
 * when this is loaded, which must be the first import of the program.
 */

/** libpq's (PGHOST, PGTARGETSESSIONATTRS, PGOPTIONS …), which postgres.js and pg read too, each in its own way. */
const ofLibpq = /^PG[A-Z_]+$/;
const others = [
  // pg would load another implementation.
  /^NODE_PG_/,
  // The driver of MongoDB would write a log, with its commands.
  /^MONGODB_LOG_/,
  // Prisma and others print what they do, with values.
  /^(DEBUG|DEBUG_.*|PRISMA_.*)$/,
  // A certificate is verified, or not, as the URL says.
  /^NODE_TLS_REJECT_UNAUTHORIZED$/,
];

for (const name of Object.keys(process.env)) {
  if ([ofLibpq, ...others].some((pattern) => pattern.test(name))) delete process.env[name];
}
