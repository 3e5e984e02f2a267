/** The engine's errors in words for people: without the trace of its own source that it appends. */

export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^external connector error\n/, '')
    .replace(/^ +\d+: \w+(::\w+)+[\s\S]*$/m, '')
    .trim();
}
