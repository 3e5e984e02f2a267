// Elements that stick out of the screen, but for those that scroll inside a frame of their own.
(() => {
  const width = document.documentElement.clientWidth;
  const found = [...document.querySelectorAll('body *')].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return (right > width + 0.5 || left < -0.5) && one.closest('.scroll > *') === null;
  });
  const whole = document.documentElement.scrollWidth;
  const scrolls = whole > width ? [`the page is ${whole} wide`] : [];
  return [...scrolls, ...found.slice(0, 5).map((one) => `${one.tagName}.${one.className}`)];
})();
