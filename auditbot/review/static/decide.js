// Keys for the queue: each presses a button or follows a link that is on the page. Nothing is decided here.
(() => {
  'use strict'
  const keysOn = document.body.dataset.keys === 'on'
  const decide = document.getElementById('decide')
  const loading = document.getElementById('loading')
  let sent = false

  // Nobody decides about a face whose pictures are not there yet; one that cannot be had holds nothing up.
  const pictures = [...document.querySelectorAll('figure img.photo:not([loading]), .pair img')]
  const coming = () => pictures.some((picture) => !picture.complete)
  for (const picture of pictures) {
    const place = picture.closest('[data-coming]')
    if (place && !picture.complete) place.classList.add('coming')
    for (const end of ['load', 'error']) {
      picture.addEventListener(end, () => {
        if (place) place.classList.remove('coming')
        if (loading && !coming()) loading.hidden = true
      })
    }
  }

  // A refusal stands alone: what the step before did is not told beside it.
  function refuse (why) {
    const last = document.querySelector('.saidrow')
    if (last) last.hidden = true
    if (why) why.hidden = false
  }

  // A form is sent once, however often its key is pressed.
  document.addEventListener('submit', (event) => {
    if (event.target === decide && coming()) {
      event.preventDefault()
      refuse(loading)
      return
    }
    if (sent) event.preventDefault()
    sent = true
  })
  window.addEventListener('pageshow', () => { sent = false })

  const shown = (element) => element && element.getClientRects().length > 0 && !element.disabled

  function press (element) {
    if (element) element.click()
    return Boolean(element)
  }

  // Lists stand in one another: what stands in "More" is opened within it.
  const opened = () => [...document.querySelectorAll('details.key[open]')].pop()

  function open (details) {
    for (const other of document.querySelectorAll('details.key[open]')) if (other !== details && !other.contains(details)) other.open = false
    details.open = !details.open
    const first = details.querySelector('input[type=checkbox], button')
    if (details.open && first && shown(first)) first.focus()
    else document.getElementById('question').focus({ preventScroll: true })
  }

  // A list of people that is open: what is ticked is sent by the key of its button, and by nothing else.
  function byPeople (list, key) {
    const send = list && list.querySelector(':scope > div > fieldset') && list.querySelector(`[data-send="${CSS.escape(key)}"]`)
    if (!send) return false
    if (list.querySelector('input:checked')) return press(send)
    if (key === list.dataset.key) return false
    refuse(document.getElementById(`not-${key}`))
    return true
  }

  function byKey (key) {
    const list = opened()
    if (byPeople(list, key)) return true
    const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]
    const found = all.find(shown) || all.find((one) => one.closest('.rest') && shown(one.closest('.rest').parentElement))
    const why = document.getElementById(`not-${key}`)
    if (!found && why) refuse(why)
    if (!found) return false
    if (!found.matches('details')) return press(found)
    const more = found.parentElement.closest('details.key')
    if (more) more.open = true
    open(found)
    return true
  }

  function byDigit (digit) {
    const details = opened()
    if (details) {
      const choice = [...details.querySelectorAll(`[data-digit="${digit}"]`)].find((one) => one.closest('details.key') === details)
      const aside = choice && choice.closest('details.aside')
      if (aside) aside.open = true
      return press(choice)
    }
    const box = document.querySelector(`input[name="box"][value="${digit}"]`)
    if (!box) return false
    box.click()
    box.closest('li').scrollIntoView({ block: 'nearest' })
    return true
  }

  function zoom (link) {
    const larger = document.getElementById('larger')
    if (!link || !larger) return false
    if (larger.open) {
      larger.close()
    } else {
      const [shown, beside, portraits] = [link.querySelector('img'), larger.querySelector('.beside'), larger.querySelector('.beside > div')]
      const picture = beside.querySelector(':scope > img') || beside.insertBefore(new Image(), beside.firstChild)
      picture.src = shown.src
      picture.alt = shown.alt
      if (portraits) portraits.hidden = !shown.matches('.photo')
      larger.showModal()
    }
    return true
  }

  const inField = (target) => target.closest('select, textarea, [contenteditable], input:not([type=radio]):not([type=checkbox])')

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
    if (event.key === 'Escape') {
      const outermost = document.querySelector('details.key[open]')
      for (const inner of outermost ? outermost.querySelectorAll('details.key[open]') : []) inner.open = false
      if (outermost) open(outermost)
      return
    }
    // Enter is never a decision: in a field it would press the first button of the form.
    if (event.key === 'Enter' && event.target.matches('input[form]')) event.preventDefault()
    if (!keysOn || inField(event.target)) return
    // Letters work while the queue has the focus, not from the menu at the top.
    if (event.target !== document.body && !event.target.closest('main, .bar')) return
    const larger = document.getElementById('larger')
    if (larger && larger.open && event.key.toLowerCase() !== 'z') return
    const key = event.key.length === 1 ? event.key.toLowerCase() : ''
    const done = /^[0-9]$/.test(key) ? byDigit(key) : key === 'z' ? zoom(document.querySelector('[data-key-is=z]')) : key !== '' && key !== ' ' && byKey(key)
    if (done) event.preventDefault()
  })

  // A screen reader tells the key beside the name, not as its last letter.
  if (keysOn) {
    for (const element of document.querySelectorAll('[data-key], [data-key-is]')) {
      const control = element.querySelector('summary') || element
      control.setAttribute('aria-keyshortcuts', element.dataset.key || element.dataset.keyIs)
    }
  }

  for (const link of document.querySelectorAll('[data-zoom]')) {
    link.addEventListener('click', (event) => { event.preventDefault(); zoom(link) })
  }

  // The face that is chosen is marked in the strip, and is the one shown for comparing.
  for (const box of document.querySelectorAll('input[name="box"]')) {
    box.addEventListener('change', () => {
      for (const item of document.querySelectorAll('.strip li')) item.classList.toggle('chosen', item.contains(box))
      const large = document.getElementById('face')
      const small = box.closest('li').querySelector('img')
      if (large && small) { large.src = small.src; large.alt = small.alt }
    })
  }

  if (decide) document.getElementById('question').focus({ preventScroll: true })
})()
