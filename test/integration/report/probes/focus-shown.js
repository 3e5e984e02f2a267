// The place of the focused element on the page, where an outline shows it; else nothing.
(() => {
  const one = document.activeElement;
  if (one === null || one === document.body || getComputedStyle(one).outlineStyle === 'none') return '';
  return String([...document.querySelectorAll('*')].indexOf(one));
})();
