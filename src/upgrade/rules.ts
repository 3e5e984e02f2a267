/** Which places an upgrade of NextCRM changes by a rule of `src/releases`, for the comparison of all the others. */
import type { Invariant, Subject } from '../releases/subject.ts';

export interface Rules {
  /** `column` null: the table with its rows. */
  isPlace(table: string, column: string | null): boolean;
  /** Where a changed value has a form that stays the same. */
  invariant(table: string, column: string): Invariant | null;
}

export function rulesOf({ subjects }: { readonly subjects: readonly Pick<Subject, 'places' | 'invariants'>[] }): Rules {
  const places = subjects.flatMap((subject) => subject.places);
  const invariants = subjects.flatMap((subject) => subject.invariants ?? []);
  return {
    isPlace: (table, column) =>
      places.some(
        (place) => place.table === table && (place.columns === 'all' || (column !== null && place.columns.includes(column))),
      ),
    invariant: (table, column) => invariants.find((one) => one.table === table && one.column === column) ?? null,
  };
}
