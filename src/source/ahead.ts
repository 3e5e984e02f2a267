/** Gets the next item while the consumer still works on the one before. */

/** At most one item is waiting; an error of the items is thrown when its turn comes. */
export async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let next = begin(items);
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = begin(items);
      yield result.value;
    }
  } finally {
    await items.return(undefined);
  }
}

function begin<T>(items: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  const next = items.next();
  // It is awaited in its turn, or not at all when the consumer stops: neither is an unhandled rejection.
  next.catch(() => undefined);
  return next;
}
