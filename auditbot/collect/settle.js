// Scrolls down in steps until the page stops growing, as a reader would, so that everything lazy shows itself.
// Bounded by steps and by time (milliseconds). Returns whether the page had stopped growing.
async ({ steps, milliseconds, quiet }) => {
  const end = performance.now() + milliseconds;
  const pause = (wait) => new Promise((done) => setTimeout(done, wait));
  // Two frames: then what waits to be seen has been told so. A page that draws nothing waits no longer than a moment.
  const drawn = () => Promise.race([
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    pause(250),
  ]);
  const height = () => Math.max(document.body ? document.body.scrollHeight : 0, document.documentElement.scrollHeight);
  let changes = 0;
  const observer = new MutationObserver(() => { changes += 1; });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const scripts = document.scripts.length > 0;
  const step = Math.max(200, window.innerHeight * 0.8);
  let position = 0;
  let still = 0;
  for (let count = 0; count < steps && performance.now() < end; count += 1) {
    const before = height();
    const seen = changes;
    if (position + window.innerHeight < before) {
      position += step;
      window.scrollTo({ top: position, behavior: "instant" });
      if (scripts) await drawn();
      still = 0;
      continue;
    }
    if (!scripts) { still = 2; break; }
    window.scrollTo({ top: before, behavior: "instant" });
    await drawn();
    await pause(quiet);
    const loading = [...document.images].some((image) => !image.complete && image.currentSrc && image.loading !== "lazy");
    if (height() > before) { still = 0; continue; }
    still += changes === seen && !loading ? 2 : 1;
    if (still >= 2) break;
  }
  observer.disconnect();
  window.scrollTo({ top: 0, behavior: "instant" });
  return still >= 2;
}
