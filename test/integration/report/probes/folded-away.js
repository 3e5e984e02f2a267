// What lies in a folded part of the page and has no place on it.
[...document.querySelectorAll('details > :not(summary)')]
  .filter((one) => !one.checkVisibility({ contentVisibilityAuto: true }))
  .map((one) => `${one.tagName}: ${one.textContent.slice(0, 40)}`);
