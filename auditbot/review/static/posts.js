// Arrow keys go from one square of the calendar to the next; Enter opens it, as it does every link.
(() => {
  'use strict'
  const squares = [...document.querySelectorAll('a.square')]

  function above (square, rows) {
    const cell = square.closest('td')
    let row = cell.parentElement
    while ((row = rows < 0 ? row.previousElementSibling : row.nextElementSibling)) {
      const found = row.cells[cell.cellIndex] && row.cells[cell.cellIndex].querySelector('a.square')
      if (found) return found
    }
    return null
  }

  document.addEventListener('keydown', (event) => {
    const at = squares.indexOf(event.target)
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const to = {
      ArrowLeft: () => squares[at - 1],
      ArrowRight: () => squares[at + 1],
      ArrowUp: () => above(event.target, -1),
      ArrowDown: () => above(event.target, 1)
    }[event.key]
    const next = to && to()
    if (next) {
      event.preventDefault()
      next.focus()
    }
  })
})()
