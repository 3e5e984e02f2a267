/** Bytes that are no BSON: the document cannot be walked. The message names what is wrong, never a value. */
export class MalformedBson extends Error {
  override readonly name = 'MalformedBson';
}
