/** Names of an application that the target has to know. */
export interface Naming {
  /** What messages call it. */
  readonly application: string;
  /** The table of `public` in which its migrations are recorded. */
  readonly recordTable: string;
  /** What the names of the functions begin with that the migrations create. */
  readonly functionPrefix: string;
}
