// Cookie banners: closed by their own button that declines; never by one that accepts. Given what settle.js knows.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.declining) return;
  shared.declining = ({ tools, scripts, words, visible, closest, label, stays, click, press, BANNER }) => {
    const DECLINE = /^(?:no,? thanks?|decline|reject|refuse|deny|disagree|gwrthod|dim diolch|na|gwrthod y cyfan|gwrthod pob un)$|^(?:decline|reject|refuse|deny|disable)\b.{0,40}$|^(?:i )?(?:do not|don['’]t) (?:accept|agree|allow|consent)$|^(?:only |use |accept |allow )?(?:only )?(?:the )?(?:strictly |essential |necessary |required |needed |functional )(?:and )?(?:necessary |essential |required )?(?:cookies )?(?:only)?$|^(?:accept|allow|use|keep) (?:only )?(?:strictly )?(?:necessary|essential|required|functional)(?: cookies)?(?: only)?$|^(?:strictly )?(?:necessary|essential|required|functional)(?: cookies)?(?: only)?$|^continue without (?:accepting|agreeing|consent|cookies)$|^(?:(?:only|use|accept|allow|keep) )+(?:the )?(?:strictly )?(?:necessary|essential|required|needed|functional)(?: cookies)?(?: only)?$|^(?:cwcis )?angenrheidiol yn unig$/i;
    const declineCookies = async () => {
      for (const button of scripts ? [...tools.everything(document)] : []) {
        if (!button.matches("button, [role=button], a, input[type=button]") || !DECLINE.test(label(button))) continue;
        const banner = closest(button, BANNER);
        if (!banner || !/cookie|cwci|consent|privacy|tracking/i.test(words(banner)) || !stays(button) || !visible(button)) continue;
        await click(button, "more");
        return;
      }
      if (scripts) await saveFewest();
    };
    // Where a banner declines by its settings alone: they are opened, every choice is taken back, and that is saved.
    const SETTINGS = /^(?:(?:manage|change|customi[sz]e|choose|adjust|edit|more|view|open|show|let me choose|cookie|my|your|privacy)\s+)*(?:cookies?\s+)?(?:settings|preferences|options|choices|cookies)$|^(?:manage|customi[sz]e|let me choose)$|^(?:rheoli\s+)?(?:gosodiadau|dewisiadau)$/i;
    const SAVE = /^(?:save|confirm|apply|cadw)(?:\s+(?:my|and|&|these|the|your|cookie|current|fy))*(?:\s+(?:choices?|preferences|settings|selections?|exit|continue|close|newidiadau|newisiadau))*$/i;
    const saveFewest = async () => {
      const within = (pattern) => [...tools.everything(document)].find((element) =>
        element.matches("button, [role=button], a, input[type=button], input[type=submit]") && pattern.test(label(element)) &&
        closest(element, BANNER) && /cookie|cwci|consent|privacy|tracking/i.test(words(closest(element, BANNER))) && stays(element) && visible(element));
      const settings = within(SETTINGS);
      if (!settings) return;
      const banner = closest(settings, BANNER);
      await click(settings, "more");
      const declining = within(DECLINE);
      if (declining) { await click(declining, "more"); return; }
      const save = within(SAVE);
      const holder = save && closest(save, BANNER);
      if (!holder) return;
      const chosen = () => [...(banner.isConnected ? banner : holder).querySelectorAll("input[type=checkbox], [role=switch]"), ...holder.querySelectorAll("input[type=checkbox], [role=switch]")]
        .filter((box) => !box.disabled && box.getAttribute("aria-disabled") !== "true" && (box.checked || box.getAttribute("aria-checked") === "true") &&
          !/necessary|essential|required|angenrheidiol/i.test(`${words(box.closest("label, li, div") || box).slice(0, 80)} ${box.name || ""} ${box.id}`));
      for (const box of new Set(chosen())) press(box);
      if (!chosen().length) await click(save, "more");
    };
    return { declineCookies };
  };
})();
