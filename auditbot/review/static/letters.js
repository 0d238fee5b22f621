// Copies a message as it stands; where the browser does not allow it, marks it so that Ctrl+C does.
(() => {
  'use strict'
  for (const button of document.querySelectorAll('[data-copies]')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      const message = document.getElementById(button.dataset.copies)
      const said = document.getElementById(`${button.dataset.copies}-said`)
      getSelection().selectAllChildren(message)
      try {
        await navigator.clipboard.writeText(message.textContent)
        said.textContent = said.dataset.copied
      } catch {
        said.textContent = document.execCommand('copy') ? said.dataset.copied : said.dataset.marked
      }
    })
  }
})()
