// Comes back to a list after a click has put another view in its place, as apps do that draw every page by script: by the
// browser's way back, or by the app's own button. Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.returning) return;
  shared.returning = ({ tools, words, visible, label, stays, left, calm, click, pause }) => {
    const BACK = /^(?:[‹«<←]|(?:[‹«<←]\s*)?(?:(?:go )?back(?: to (?:the |our |all )?[\w ]{1,30})?|return(?: to (?:the |our |all )?[\w ]{1,30})?|all (?:the |our )?(?:news|posts|stories|items|articles)|yn ôl(?: i .{1,30})?))$/i;
    const name = (element) => `${element.localName}\n${element.className}\n${words(element).slice(0, 200)}`;
    const place = () => (window.navigation && navigation.currentEntry ? navigation.currentEntry : null);
    // Waits until what is wanted stands there again, as long as its answer may take.
    const comes = async (there) => {
      for (let round = 0; round < 10 && !there() && left() > 1000; round += 1) await pause(60);
      await calm(performance.now());
      return there();
    };
    // Returns whether `there` says again what it said before the click; `before` is where the page stood then.
    const comeBack = async (before, there) => {
      const now = place();
      if (before && now && now.index > before.index && now.sameDocument) {
        const since = performance.now();
        try { await navigation.traverseTo(before.key).finished; } catch { /* The page has other plans. */ }
        await calm(since);
        if (await comes(there)) return true;
      }
      const button = [...tools.everything(document)].find((element) =>
        element.matches("button, a, [role=button], [onclick], span, div") && words(element).length < 50 &&
        BACK.test(label(element)) && stays(element) && visible(element));
      if (!button) return false;
      await click(button, "more");
      return comes(there);
    };
    // Puts for each element that was replaced the one that now stands in its place, by its words and its turn.
    const findAgain = (all, names, fresh) => {
      const found = fresh.map(name);
      for (let at = 0; at < all.length; at += 1) {
        if (all[at].isConnected) continue;
        const turn = names.slice(0, at).filter((other) => other === names[at]).length;
        let met = -1;
        for (let index = 0; index < found.length; index += 1) {
          if (found[index] !== names[at]) continue;
          met += 1;
          if (met === turn) { all[at] = fresh[index]; break; }
        }
      }
    };
    return { name, place, comeBack, findAgain };
  };
})();
