// Photos are sent one after another, so that each answer is there as soon as it is ready. Without this the form does the same at once.
(() => {
  'use strict'
  const form = document.getElementById('draft')
  const answers = document.getElementById('answers')
  const photos = document.getElementById('photos')
  const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000) })
  let running = false

  function piece (html) {
    const made = new DOMParser().parseFromString(html, 'text/html')
    return document.importNode(made.body, true).children
  }

  function data (file) {
    const made = new FormData()
    for (const name of ['csrfmiddlewaretoken', 'channel', 'class', 'text']) made.append(name, form.elements[name].value)
    if (file) made.append('photos', file)
    return made
  }

  async function ask (address, file, line) {
    for (let tries = 0; tries < 10; tries++) {
      const answer = await fetch(address, { method: 'POST', body: data(file), redirect: 'error' })
      if (answer.status === 503 && tries < 9) {
        line.textContent = 'Others are before you: waiting …'
        await pause(10)
        continue
      }
      if (!answer.headers.get('content-type').startsWith('text/html')) throw new Error('no page')
      line.replaceWith(...piece(await answer.text()))
      return
    }
  }

  form.addEventListener('submit', async (event) => {
    if (event.submitter && event.submitter.id === 'copy') return
    event.preventDefault()
    if (running) return
    running = true
    answers.replaceChildren()
    const work = []
    if (form.elements.text.value.trim()) work.push(['/before/words', null, 'The words'])
    for (const file of photos.files) work.push(['/before/photo', file, file.name])
    const lines = work.map(([, , name]) => {
      const line = document.createElement('p')
      line.textContent = `${name}: waiting …`
      answers.append(line)
      return line
    })
    if (!work.length) {
      const line = document.createElement('p')
      line.className = 'error'
      line.textContent = 'Choose a photo, or paste the words.'
      answers.append(line)
    }
    for (const [at, [address, file, name]] of work.entries()) {
      lines[at].textContent = `${name}: looking …`
      try {
        await ask(address, file, lines[at])
      } catch (error) {
        lines[at].className = 'error'
        lines[at].textContent = `${name}: no answer came. Load the page again, sign in if you are asked to, and try once more.`
      }
    }
    running = false
  })
})()
