/** rejects.jsonl: which documents were rejected and why, one JSON object a line. Never a value: the documents are in the target. */

export interface RejectedDocument {
  readonly collection: string;
  readonly sourceId: string;
  readonly code: string;
  readonly field: string | null;
}

export async function* rejectLines(
  rejects: AsyncIterable<RejectedDocument> | Iterable<RejectedDocument>,
): AsyncGenerator<string> {
  for await (const { collection, sourceId, code, field } of rejects) {
    yield `${JSON.stringify({ collection, sourceId, code, field })}\n`;
  }
}
