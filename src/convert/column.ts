/** A column as the conversion works with it: its specification made ready once a collection. */
import type { ColumnSpec } from '../catalog/spec.ts';
import type { DocumentScope } from './document-scope.ts';

/**
 * Writes the value as one COPY field of the row. False where the value cannot be converted: then nothing is written,
 * neither to the row nor to the ledger. Never called for null and undefined.
 */
export type Encoder = (document: DocumentScope, column: Column, type: number, offset: number, length: number) => boolean;

export interface Column {
  readonly name: Buffer;
  readonly spec: ColumnSpec;
  readonly required: boolean;
  /** The labels of an enum. */
  readonly labels: readonly Buffer[];
  readonly encode: Encoder;
}
