// How long a page is waited for: until what it asked for has come, by the time that it has lived itself. Given what
// settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.pacing) return;
  shared.pacing = ({ tools, memory, left, pause }) => {
    const LONGEST_WAIT = 4000;
    const STARVED = 300;
    const stood = tools.stood();
    let patience = 15000;
    // Two frames: then what waits to be seen has been told so. A page that draws nothing waits no longer than a moment.
    // One that has drawn before is waited for longer: a busy computer draws late, and what is drawn late comes late.
    let draws = false;
    const drawn = () => Promise.race([
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { draws = true; done(); }))),
      pause(draws ? 2000 : 250),
    ]);
    // Waits for what the page asked for since a moment, but not for ever: some requests never end.
    const calm = async (since) => {
      await drawn();
      const began = tools.now();
      while (tools.busy(since) && patience > 0 && left() > 0 && tools.now() < began + LONGEST_WAIT) await pause(15);
      const waited = tools.now() - began;
      if (waited > 1000) patience -= waited;
      if (waited > 20) await drawn();
    };
    // What a click, or a choice, asked for and did not get in time is not found again later: it is told.
    const answered = async (since) => { await calm(since); if (tools.unanswered(since)) memory.late = true; };
    // A page that was starved is looked at once more: what it was kept from doing may still come.
    const wasStarved = async () => {
      if (tools.stood() <= stood + STARVED || left() <= 3000) return false;
      await pause(1000);
      await drawn();
      return true;
    };
    return { drawn, calm, answered, wasStarved };
  };
})();
