/** The models of Prisma Client by the name of their table. */
import type { PrismaClient } from '../../src/prisma/client/client.ts';

/** `Model`: what the caller asks of each, since the types of 39 models have nothing in common. */
export function modelOf<Model>(client: PrismaClient, table: string): Model {
  // Prisma names the property of a model by its name with a small first letter.
  const name = `${table.charAt(0).toLowerCase()}${table.slice(1)}`;
  // The cast: each model is a property with a type of its own, and the client's type lets none be looked up by a computed name.
  const model = (client as unknown as Readonly<Record<string, Model>>)[name];
  if (model === undefined) throw new Error(`Prisma Client has no model ${table}`);
  return model;
}
