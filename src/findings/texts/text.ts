/** The text of one code, in plain technical English. A name of SQL or of MongoDB stands in backticks, which the report leaves out. */
export interface CodeText {
  /** What happened. The first sentence fits on a line of the report. */
  readonly cause: string;
  /** What to do next. */
  readonly action: string;
  /** The same where it is the `_id` that is at fault. */
  readonly actionOfId?: string;
  /** What happened to the document, the value or the target. Absent where there is nothing to say. */
  readonly effect?: string;
}
