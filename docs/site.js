/** What the pages of the site do in a browser: search, and buttons that copy code. Works from the disk, without a network. */

const box = document.querySelector('.search input')
const list = document.querySelector('.search ol')
const sections = globalThis.searchSections.map(section => ({
  ...section,
  title: `${section.page} ${section.heading}`.toLowerCase(),
  words: section.text.toLowerCase(),
}))

/** Every word must be there; a word of the title counts ten times one of the text. */
function score(section, words) {
  let sum = 0
  for (const word of words) {
    const inTitle = section.title.includes(word)
    const inText = section.words.includes(word)
    if (!inTitle && !inText) return 0
    sum += (inTitle ? 10 : 0) + (inText ? 1 : 0)
  }
  return section.title.split(' ').includes(words[0]) ? sum + 5 : sum
}

function found(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const scored = sections.map(section => ({ section, points: score(section, words) })).filter(({ points }) => points > 0)
  scored.sort((a, b) => b.points - a.points)
  return scored.slice(0, 12).map(({ section }) => ({ section, excerpt: excerpt(section, words[0]) }))
}

function excerpt({ text, words }, word) {
  const at = Math.max(0, words.indexOf(word) - 40)
  return `${at > 0 ? '…' : ''}${text.slice(at, at + 110)}…`
}

function show(results) {
  list.replaceChildren(...results.map(resultItem))
  list.hidden = results.length === 0
}

function resultItem({ section, excerpt: text }) {
  const link = document.createElement('a')
  link.href = document.body.dataset.root + section.address
  const title = document.createElement('b')
  title.textContent = section.heading === '' ? section.page : `${section.page} · ${section.heading}`
  const words = document.createElement('span')
  words.textContent = text
  link.append(title, words)
  const item = document.createElement('li')
  item.append(link)
  return item
}

/** Arrow keys go through the results; Escape closes them. */
function moveFocus(event) {
  const links = [box, ...list.querySelectorAll('a')]
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (event.key === 'Escape') {
    box.value = ''
    show([])
  } else if (event.key === 'Enter' && document.activeElement === box) {
    list.querySelector('a')?.click()
  } else if (step !== undefined) {
    event.preventDefault()
    links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + step))]?.focus()
  }
}

box.addEventListener('input', () => show(found(box.value)))
box.closest('.search').addEventListener('keydown', moveFocus)
document.addEventListener('keydown', event => {
  if (event.key !== '/' || /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return
  event.preventDefault()
  box.focus()
})
document.addEventListener('click', event => {
  if (!event.target.closest('.search')) show([])
})

for (const block of document.querySelectorAll('main pre')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.addEventListener('click', () => copy(block, button))
  const frame = document.createElement('div')
  frame.className = 'code'
  block.replaceWith(frame)
  frame.append(block, button)
}

async function copy(block, button) {
  await navigator.clipboard.writeText(block.textContent.trimEnd())
  button.textContent = 'Copied'
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 1_500)
}
